package io.millrace.domain.anomaly;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.VisitorSketch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One tenant's visitors, drawn at random from a seed, window by window, in all groupings at once:
 * places lie in countries, campaigns in sources in channels, browsers go with systems and devices.
 * What is planted changes who comes.
 */
final class PlantedTraffic {
  static final long WINDOW_MILLIS = Duration.ofMinutes(15).toMillis();
  static final long BATCH_MILLIS = Duration.ofHours(6).toMillis();

  /** What a visitor is, by grouping. */
  record Visitor(Map<Grouping, String> of, List<String> pages, List<Boolean> clicks) {}

  /** Who comes, and how often instead of once. */
  interface Plant {
    double times(Visitor visitor);

    /** Whether views of this page are lost. */
    default boolean loses(String page) {
      return false;
    }
  }

  final SegmentHistory total = new SegmentHistory();
  final Map<Grouping, Map<String, SegmentHistory>> segments = new EnumMap<>(Grouping.class);

  private final Random random;
  private final Mix countries;
  private final Mix sources;
  private final Mix clients;
  private final Mix pages;
  private final double visitorsInAWindow;

  /** Values and how often each is drawn. */
  private static final class Mix {
    final String[] values;
    final double[] upTo;

    Mix(Random random, double skew, String... values) {
      this.values = values;
      this.upTo = new double[values.length];
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += Math.pow(i + 1, -skew) * (0.8 + 0.4 * random.nextDouble());
        upTo[i] = sum;
      }
    }

    String draw(Random random) {
      double at = random.nextDouble() * upTo[upTo.length - 1];
      int i = 0;
      while (upTo[i] < at) {
        i++;
      }
      return values[i];
    }

    double share(int i) {
      return (upTo[i] - (i == 0 ? 0 : upTo[i - 1])) / upTo[upTo.length - 1];
    }
  }

  PlantedTraffic(long seed, double visitorsInAWindow) {
    random = new Random(seed);
    this.visitorsInAWindow = visitorsInAWindow;
    countries = new Mix(random, 0.9, "DE", "US", "FR", "GB", "NL", "AT", "CH", "IT", "ES", "PL");
    sources =
        new Mix(
            random,
            0.7,
            "organic|google|",
            "direct||",
            "paid|google|brand",
            "email|newsletter|weekly",
            "social|facebook|",
            "paid|bing|generic",
            "email|newsletter|spring",
            "social|reddit|",
            "referral|blog.example|");
    clients =
        new Mix(
            random,
            0.6,
            "desktop|Windows|Chrome",
            "mobile|Android|Chrome",
            "mobile|iOS|Safari",
            "desktop|macOS|Safari",
            "desktop|Windows|Edge",
            "desktop|Windows|Firefox",
            "mobile|Android|Samsung",
            "desktop|macOS|Chrome",
            "desktop|Linux|Firefox");
    String[] paths = new String[40];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = "/page-" + i;
    }
    pages = new Mix(random, 1.1, paths);
  }

  /** Values that make up between a sixth and a half of the visitors, so that they are missed. */
  String drawCountry() {
    List<String> large = new ArrayList<>();
    for (int i = 0; i < countries.values.length; i++) {
      if (countries.share(i) >= 1 / 6.0) {
        large.add(countries.values[i]);
      }
    }
    return large.get(random.nextInt(large.size()));
  }

  double drawUniform(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** How many visitors a window usually has: day and night, and quiet weekends. */
  double level(long startMillis) {
    double hour = startMillis / 3_600_000.0 % 24;
    boolean weekend = startMillis / Duration.ofDays(1).toMillis() % 7 >= 5;
    return visitorsInAWindow
        * (1 - 0.7 * Math.cos(2 * Math.PI * (hour - 3) / 24))
        * (weekend ? 0.6 : 1);
  }

  /** What a window has on average. */
  double expected(SegmentMeasure measure, long startMillis) {
    double ofVisitor = 0;
    for (int hour = 0; hour < SegmentHistory.SLOTS; hour++) {
      double visitors = total.level(SegmentMeasure.VISITORS, hour);
      ofVisitor += total.level(measure, hour) / visitors / SegmentHistory.SLOTS;
    }
    return level(startMillis) * ofVisitor;
  }

  /** Lets usual days pass. */
  void learn(long fromMillis, long toMillis) {
    for (long start = fromMillis; start < toMillis; start += WINDOW_MILLIS) {
      window(start, 1, visitor -> 1);
      long end = start + WINDOW_MILLIS;
      if (end % BATCH_MILLIS == 0) {
        fold(end);
      }
    }
  }

  private void fold(long nowMillis) {
    long before = nowMillis - SegmentHistory.RECENT_MILLIS;
    var folded = total.foldedBefore(before, start -> false);
    segments
        .values()
        .forEach(of -> of.values().forEach(s -> s.fold(folded, total, before, nowMillis)));
    total.fold(folded, total, before, nowMillis);
  }

  /** Puts what happens in one window over what was there. */
  void window(long startMillis, double times, Plant plant) {
    Map<Grouping, Map<String, Measures>> sums = new EnumMap<>(Grouping.class);
    Measures all = new Measures();
    List<Long> hashes = new ArrayList<>();
    long count = poisson(level(startMillis) * times * Math.exp(0.05 * random.nextGaussian()));
    for (long i = 0; i < count; i++) {
      Visitor visitor = visitor();
      double copies = plant.times(visitor);
      long comes = (long) copies + (random.nextDouble() < copies % 1 ? 1 : 0);
      for (long copy = 0; copy < comes; copy++) {
        Visitor another = visitor;
        if (copy > 0) {
          do {
            another = visitor();
          } while (plant.times(another) != copies);
        }
        hashes.add(random.nextLong());
        add(sums, all, another, plant);
      }
    }
    for (Map<String, SegmentHistory> of : segments.values()) {
      of.values().forEach(history -> history.put(startMillis, null));
    }
    all.visitors =
        hashes.isEmpty()
            ? null
            : VisitorSketch.add(
                null, hashes.stream().mapToLong(Long::longValue).toArray(), hashes.size());
    total.put(startMillis, all);
    sums.forEach(
        (grouping, of) ->
            of.forEach(
                (value, measures) ->
                    segments
                        .computeIfAbsent(grouping, key -> new HashMap<>())
                        .computeIfAbsent(value, key -> new SegmentHistory())
                        .put(startMillis, measures)));
  }

  private Visitor visitor() {
    Map<Grouping, String> of = new EnumMap<>(Grouping.class);
    String country = countries.draw(random);
    of.put(Grouping.COUNTRY, country);
    String region = country + "/R" + random.nextInt(3);
    of.put(Grouping.REGION, region);
    of.put(Grouping.CITY, region + "/C" + random.nextInt(3));
    String[] source = sources.draw(random).split("\\|", -1);
    of.put(Grouping.CHANNEL, source[0]);
    of.put(Grouping.SOURCE, Grouping.present(source[1]));
    if (!source[2].isEmpty()) {
      of.put(Grouping.CAMPAIGN, source[2]);
    }
    String[] client = clients.draw(random).split("\\|");
    of.put(Grouping.DEVICE, client[0]);
    of.put(Grouping.OS, client[1]);
    of.put(Grouping.BROWSER, client[2]);
    List<String> viewed = new ArrayList<>();
    List<Boolean> clicks = new ArrayList<>();
    do {
      viewed.add(pages.draw(random));
      clicks.add(random.nextDouble() < 0.3);
    } while (viewed.size() < 20 && random.nextDouble() < 0.6);
    return new Visitor(of, viewed, clicks);
  }

  private static void add(
      Map<Grouping, Map<String, Measures>> sums, Measures all, Visitor visitor, Plant plant) {
    boolean bounce = visitor.pages.size() == 1;
    for (int i = 0; i < visitor.pages.size(); i++) {
      String page = visitor.pages.get(i);
      if (plant.loses(page)) {
        continue;
      }
      Measures one = new Measures();
      one.pageViews = 1;
      one.clicks = visitor.clicks.get(i) ? 1 : 0;
      one.events = one.pageViews + one.clicks;
      one.sessions = i == 0 ? 1 : 0;
      one.bounces = i == 0 && bounce ? 1 : 0;
      all.add(one);
      visitor.of.forEach((grouping, value) -> sum(sums, grouping, value).add(one));
      sum(sums, Grouping.PAGE, page).add(one);
    }
  }

  private static Measures sum(
      Map<Grouping, Map<String, Measures>> sums, Grouping grouping, String value) {
    return sums.computeIfAbsent(grouping, key -> new HashMap<>())
        .computeIfAbsent(value, key -> new Measures());
  }

  private long poisson(double mean) {
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
  }
}
