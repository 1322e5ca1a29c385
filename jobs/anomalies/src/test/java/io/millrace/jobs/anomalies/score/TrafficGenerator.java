package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesType;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Web traffic as people make it, from a seed: days and weeks by the local clock over a change of
 * it, growth, weekly newsletters, holidays, noise that lasts, gaps, quiet nights; and, from the
 * fourth week on, {@link Fault}s. Every tenth series has but a few visitors a window, and no fault.
 */
final class TrafficGenerator {
  private static final int[] CADENCES_MINUTES = {5, 15, 15, 60, 60};
  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "America/New_York",
          "UTC",
          "Asia/Kolkata",
          "Australia/Sydney",
          "America/Sao_Paulo");
  private static final int FAULTLESS_DAYS = 21;

  private final Random random;
  private final int cadence;
  private final int perDay;
  private final int perHour;
  private final ZoneId zone;
  private final LocalDate start;
  private final int weeks;
  private final boolean few;
  private final SeriesType type;
  private final Set<LocalDate> holidays = new HashSet<>();
  private final double perWindow;
  private final double night;
  private final double peak;
  private final double width;
  private final double evening;
  private final double weekendPeak;
  private final double weekend;
  private final double[] weekdays = new double[7];
  private final double holiday;
  private final double growth;
  private final int newsletterDay;
  private final int newsletterHour;
  private final double newsletter;
  private final double lastingNoise;
  private final double lastingMinutes;
  private final double[] dayNoise;
  private final double order;
  private final double[] factor;
  private final boolean[] stuck;
  private final boolean[] likeWeekend;
  private final List<Fault> faults = new ArrayList<>();

  private TrafficGenerator(long seed, int number) {
    random = new Random(seed * 1_000_003 + number * 7_919L);
    cadence = CADENCES_MINUTES[random.nextInt(CADENCES_MINUTES.length)];
    perDay = 1440 / cadence;
    perHour = 60 / cadence;
    zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    // Both halves of the year, so that the clock goes forward in some series and back in others.
    LocalDate around = random.nextBoolean() ? LocalDate.of(2026, 2, 2) : LocalDate.of(2025, 9, 15);
    start = around.plusDays(random.nextInt(7));
    weeks = 8 + random.nextInt(4);
    few = number % 10 == 9;
    int kind = random.nextInt(10);
    type =
        few || kind < 6
            ? SeriesType.COUNT
            : kind < 8 ? SeriesType.MONEY : kind < 9 ? SeriesType.RATIO : SeriesType.GAUGE;
    double perHourOfDay = Math.exp(Math.log(120) + random.nextDouble() * Math.log(300));
    perWindow = few ? 1 + 2 * random.nextDouble() : Math.max(15, perHourOfDay / perHour);
    night = 0.01 + 0.3 * random.nextDouble();
    peak = 12 + 8 * random.nextDouble();
    width = 3 + 3 * random.nextDouble();
    evening = 0.6 * random.nextDouble();
    weekendPeak = peak + 3 * random.nextDouble() - 1;
    weekend = random.nextInt(4) == 0 ? 1.1 + 0.3 * random.nextDouble() : between(0.35, 0.7);
    for (int day = 0; day < 7; day++) {
      weekdays[day] = (day >= 5 ? weekend : 1) * (1 + 0.05 * random.nextGaussian());
    }
    holiday = between(0.5, 0.8);
    growth = between(-0.01, 0.04);
    newsletterDay = random.nextBoolean() ? random.nextInt(5) : -1;
    newsletterHour = 8 + random.nextInt(4);
    newsletter = between(0.5, 1.5);
    lastingNoise = between(0.02, 0.08);
    lastingMinutes = between(60, 180);
    double dayDeviation = between(0.01, 0.04);
    dayNoise = new double[weeks * 7 + 2];
    Arrays.setAll(dayNoise, i -> Math.exp(dayDeviation * random.nextGaussian()));
    order = between(20, 100);
    factor = new double[weeks * 7 * perDay];
    Arrays.fill(factor, 1);
    stuck = new boolean[factor.length];
    likeWeekend = new boolean[factor.length];
    int free = 1 + random.nextInt(2);
    for (int i = 0; i < free; i++) {
      holidays.add(start.plusDays(FAULTLESS_DAYS + random.nextInt(weeks * 7 - 25)));
    }
    if (!few) {
      plant();
    }
  }

  static Traffic make(long seed, int number) {
    TrafficGenerator generator = new TrafficGenerator(seed, number);
    Series series =
        new Series(
            number + "-" + generator.type,
            "events",
            generator.type,
            Duration.ofMinutes(generator.cadence),
            generator.zone,
            generator.holidays);
    return new Traffic(series, generator.points(), generator.faults);
  }

  private void plant() {
    int count = 2 + random.nextInt(2);
    int slot = (weeks - 3) * 7 / count;
    for (int i = 0; i < count; i++) {
      Fault.Kind kind = Fault.Kind.values()[random.nextInt(Fault.Kind.values().length)];
      int day = FAULTLESS_DAYS + i * slot + random.nextInt(Math.max(1, slot - 6));
      if (!isHoliday(day) && (kind != Fault.Kind.WEEKDAY_LIKE_WEEKEND || weekendShows())) {
        plant(kind, day);
      }
    }
  }

  private boolean weekendShows() {
    return weekend < 0.75 && type != SeriesType.RATIO && type != SeriesType.GAUGE;
  }

  private boolean isHoliday(int day) {
    return holidays.contains(start.plusDays(day));
  }

  private void plant(Fault.Kind kind, int day) {
    int from = window(day, 9 + random.nextInt(8));
    switch (kind) {
      case OUTAGE -> scale(kind, from, (1 + random.nextInt(5)) * perHour, 0);
      case SPIKE -> scale(kind, from, (1 + random.nextInt(2)) * perHour, between(2.5, 6.5));
      case DROP_BY_HALF -> scale(kind, from, (4 + random.nextInt(20)) * perHour, 0.5);
      case TRACKING_BREAK ->
          scale(kind, from, (12 + random.nextInt(48)) * perHour, between(0, 0.1));
      case DOUBLED_DATA -> scale(kind, from, (6 + random.nextInt(42)) * perHour, 2);
      case LEVEL_SHIFT ->
          scale(
              kind,
              from,
              factor.length - from,
              random.nextBoolean() ? between(1.5, 2) : between(0.5, 0.65));
      case SLOW_LEAK -> {
        int length = (3 + random.nextInt(3)) * perDay;
        double to = between(0.4, 0.6);
        for (int i = from; i < Math.min(factor.length, from + length); i++) {
          factor[i] *= 1 - (1 - to) * (i - from) / length;
        }
        add(kind, from, length);
      }
      case BOT_WAVE -> {
        int length = (2 + random.nextInt(6)) * perHour;
        double size = between(0.7, 2.7);
        for (int i = from; i < Math.min(factor.length, from + length); i++) {
          factor[i] *= 1 + size * between(0.7, 1.3);
        }
        add(kind, from, length);
      }
      case STUCK_VALUE -> {
        int length = (8 + random.nextInt(18)) * perHour;
        Arrays.fill(stuck, from, Math.min(stuck.length, from + length), true);
        add(kind, from, length);
      }
      case WEEKDAY_LIKE_WEEKEND -> {
        int workday = day;
        while (start.plusDays(workday).getDayOfWeek().getValue() >= DayOfWeek.FRIDAY.getValue()
            || isHoliday(workday)) {
          workday++;
        }
        int midnight = window(workday, 0);
        Arrays.fill(likeWeekend, midnight, Math.min(factor.length, midnight + perDay), true);
        add(kind, midnight, perDay);
      }
    }
  }

  private void scale(Fault.Kind kind, int from, int length, double by) {
    for (int i = from; i < Math.min(factor.length, from + length); i++) {
      factor[i] *= by;
    }
    // A shift is to be seen within two days of its begin.
    add(kind, from, kind == Fault.Kind.LEVEL_SHIFT ? 2 * perDay : length);
  }

  private void add(Fault.Kind kind, int from, int length) {
    faults.add(new Fault(kind, from, Math.min(factor.length, from + length) - 1));
  }

  private int window(int day, int hour) {
    ZonedDateTime at = start.plusDays(day).atTime(hour, 0).atZone(zone);
    return (int) (Duration.between(start.atStartOfDay(zone), at).toMinutes() / cadence);
  }

  private List<Point> points() {
    boolean[] gap = gaps();
    long first = start.atStartOfDay(zone).toInstant().toEpochMilli();
    List<Point> points = new ArrayList<>(factor.length);
    double lasting = 0;
    double last = 0;
    double keep = Math.exp(-cadence / lastingMinutes);
    for (int i = 0; i < factor.length; i++) {
      lasting = keep * lasting + Math.sqrt(1 - keep * keep) * lastingNoise * random.nextGaussian();
      long at = first + i * cadence * 60_000L;
      double value = value(i, Instant.ofEpochMilli(at).atZone(zone), lasting);
      last = stuck[i] ? last : value;
      points.add(new Point(at, gap[i] ? Double.NaN : last));
    }
    return points;
  }

  private boolean[] gaps() {
    boolean[] gap = new boolean[factor.length];
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(factor.length - perDay);
      int to = from + (1 + random.nextInt(8)) * perHour;
      boolean clear =
          faults.stream().noneMatch(f -> from < f.to() + perDay && to > f.from() - perDay);
      if (clear) {
        Arrays.fill(gap, from, to, true);
      }
    }
    return gap;
  }

  private double value(int index, ZonedDateTime at, double lasting) {
    LocalDate date = at.toLocalDate();
    double hour = at.getHour() + at.getMinute() / 60.0;
    int weekday = date.getDayOfWeek().getValue() - 1;
    boolean free = holidays.contains(date);
    double day =
        free ? weekdays[6] * holiday : likeWeekend[index] ? weekdays[5] : weekdays[weekday];
    boolean atHome = weekday >= 5 || free || likeWeekend[index];
    double rise =
        (bump(hour, atHome ? weekendPeak : peak, width) + evening * bump(hour, peak - 7, 2))
            / (1 + 0.3 * evening);
    double shape = night + (1 - night) * rise;
    double sinceNewsletter = hour - newsletterHour;
    boolean read = weekday == newsletterDay && !free && !likeWeekend[index];
    double news =
        read && sinceNewsletter >= 0 && sinceNewsletter < 5
            ? newsletter * Math.exp(-sinceNewsletter / 1.2)
            : 0;
    double noise = dayNoise[index / perDay] * Math.exp(lasting);
    double grown = Math.pow(1 + growth, index / (7.0 * perDay));
    double mean = perWindow * shape * day * (1 + news) * grown * noise;
    return switch (type) {
      case COUNT -> poisson(mean * factor[index]);
      case MONEY -> money(mean * factor[index]);
      case RATIO -> ratio(mean, shape, index);
      case GAUGE ->
          (50 + 30 * shape * day + 2 * random.nextGaussian() + 20 * lasting) * factor[index];
    };
  }

  private double money(double orders) {
    long count = poisson(orders / 2);
    long drawn = Math.min(count, 2000);
    double sum = 0;
    for (int i = 0; i < drawn; i++) {
      sum += order * Math.exp(0.5 * random.nextGaussian());
    }
    return drawn == 0 ? 0 : Math.round(sum * count / drawn * 100) / 100.0;
  }

  private double ratio(double mean, double shape, int index) {
    double of = Math.max(30, 20 * mean);
    double share = Math.min(0.95, 0.4 * (1 + 0.05 * (shape - 0.5)) * Math.min(2, factor[index]));
    double noisy = share + Math.sqrt(share * (1 - share) / of) * random.nextGaussian();
    return Math.max(0, Math.min(1, noisy));
  }

  private long poisson(double mean) {
    if (mean > 200) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    long count = -1;
    double product = 1;
    do {
      count++;
      product *= random.nextDouble();
    } while (product > limit);
    return count;
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  private static double bump(double hour, double at, double width) {
    double apart = Math.abs(hour - at) % 24;
    double nearest = Math.min(apart, 24 - apart);
    return Math.exp(-nearest * nearest / (2 * width * width));
  }
}
