package io.millrace.standalone.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Realistic traffic of several sites whose right answers are known.
 *
 * <p>Sixteen days of history, with the rhythm of days and weekends, and some minutes of live
 * traffic. A visitor's visits are laid out so that each is one session: the pause between two is
 * longer than the session gap, sometimes by one millisecond only. Some events are sent twice, some
 * phones were offline and report hours later, some events are invalid, some visitors are crawlers.
 * The answers are counted while the visits are made, without any rule of the product.
 *
 * <p>The same seed, number of events and start give the same bytes.
 */
public final class DemoTraffic {
  /** The tenant whose events are about products. */
  public static final String SHOP = "demo-shop";

  public static final int DEFAULT_EVENTS = 60_000;
  public static final Duration DEFAULT_LIVE = Duration.ofMinutes(2);

  /** What is usual at a time of the week is learned from two of them. */
  static final Duration HISTORY = Duration.ofDays(16);

  /** So long before now all history is over, and every session of it can close. */
  private static final Duration QUIET_BEFORE_NOW = Duration.ofHours(1);

  private static final double LIVE_SHARE = 0.03;
  private static final double BOT_SHARE = 0.08;

  /** Of the shop's events, in a quarter of an hour, which usually has less than a thousandth. */
  private static final double RUSH_SHARE = 0.02;

  private static final Duration RUSH_BEFORE_NOW = Duration.ofHours(2);
  private static final long RUSH_MS = Duration.ofMinutes(10).toMillis();
  private static final double DUPLICATE_SHARE = 0.03;
  private static final double INVALID_SHARE = 0.003;
  private static final double OFFLINE_SHARE = 0.05;

  /** Of the phone visits of the last day: so many report only while the demo runs. */
  private static final double LATE_SHARE = 0.09;

  private final long now;
  private final long liveMs;
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Planted> planted = new ArrayList<>();

  private record Draft(DemoEvent event, boolean historical, long dueAt) {}

  /**
   * @param events about as many valid events, all sites and both parts together
   * @param now where history ends and the live part begins
   */
  public DemoTraffic(long seed, int events, Instant now) {
    this(seed, events, now, DEFAULT_LIVE);
  }

  public DemoTraffic(long seed, int events, Instant now, Duration live) {
    if (events < 100 || live.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException(
          "Cannot make demo traffic of %d events with a live part of %d s; give at least 100 events and 10 s"
              .formatted(events, live.toSeconds()));
    }
    this.now = now.toEpochMilli();
    this.liveMs = live.toMillis();
    SplittableRandom random = new SplittableRandom(seed);
    for (DemoSite site : DemoSite.ALL) {
      planted.add(new SitePlan(site, (int) (events * site.share()), random.split()).make());
    }
    // Stable, so that events of the same moment keep the order in which they were made.
    drafts.sort(Comparator.comparingLong(Draft::dueAt));
  }

  /** The tenants that need keys. */
  public static List<String> tenants() {
    return DemoSite.ALL.stream().map(DemoSite::tenant).toList();
  }

  /** Everything in the order of sending: history first, then the live part by time. */
  public Iterator<Planned> iterator() {
    return drafts.stream()
        .map(
            draft ->
                new Planned(
                    draft.event().site().tenant(),
                    draft.event().outgoing(),
                    draft.historical(),
                    draft.dueAt()))
        .iterator();
  }

  /** How many events there are to send, duplicates and invalid ones among them. */
  public int size() {
    return drafts.size();
  }

  /** The right answers, one per tenant. */
  public List<Planted> planted() {
    return List.copyOf(planted);
  }

  /** How busy a moment is, from 0 to 1: most at two in the afternoon, less at weekends, UTC. */
  private static double busyness(long time) {
    double hour = Math.floorMod(time, 86_400_000L) / 3_600_000.0;
    long day = Math.floorMod(Math.floorDiv(time, 86_400_000L) + 3, 7L); // 0 = Monday
    double ofDay = 0.12 + 0.88 * Math.exp(-(hour - 14) * (hour - 14) / 40);
    return day >= 5 ? 0.55 * ofDay : ofDay;
  }

  /**
   * When a link on a social network brings a rush to one page of the shop: the planted anomaly.
   *
   * @return start of its quarter of an hour
   */
  public Instant rush() {
    return Instant.ofEpochMilli(rushStart());
  }

  private long rushStart() {
    long quarter = Duration.ofMinutes(15).toMillis();
    return Math.floorDiv(now - RUSH_BEFORE_NOW.toMillis(), quarter) * quarter;
  }

  /** Makes the traffic of one site. */
  private final class SitePlan {
    private final DemoSite site;
    private final int targetEvents;
    private final SplittableRandom random;
    private final PlantedTally closed = new PlantedTally();
    private final PlantedTally live = new PlantedTally();
    private final PlantedTally all = new PlantedTally();
    private final TreeMap<String, Long> refused = new TreeMap<>();
    private final long historyEnd = now - QUIET_BEFORE_NOW.toMillis();
    private final long historyStart = now - HISTORY.toMillis();
    private long duplicates;
    private long late;
    private int flaws;

    SitePlan(DemoSite site, int targetEvents, SplittableRandom random) {
      this.site = site;
      this.targetEvents = targetEvents;
      this.random = random;
    }

    Planted make() {
      int liveEvents = (int) (targetEvents * LIVE_SHARE);
      int botEvents = (int) (targetEvents * BOT_SHARE);
      makeHistory(targetEvents - liveEvents - botEvents, DemoVisit.Pace.READING);
      makeHistory(botEvents, DemoVisit.Pace.CRAWLING);
      makeLive(liveEvents);
      if (site.tenant().equals(SHOP)) {
        makeRush((int) (targetEvents * RUSH_SHARE));
      }
      return new Planted(
          site.tenant(),
          closed.answers(),
          live.answers(),
          all.answers(),
          duplicates,
          late,
          refused);
    }

    private void makeHistory(int events, DemoVisit.Pace pace) {
      boolean bots = pace == DemoVisit.Pace.CRAWLING;
      int visitors = Math.max(3, events / (bots ? 150 : 6));
      List<List<DemoVisit>> visitsOf = new ArrayList<>();
      for (int i = 0; i < visitors; i++) {
        visitsOf.add(new ArrayList<>());
      }
      DemoSite.Zipf faithfulness = new DemoSite.Zipf(visitors, 0.6);
      int made = 0;
      while (made < events) {
        DemoVisit visit = DemoVisit.plan(site, pace, random);
        visitsOf.get(faithfulness.draw(random)).add(visit);
        made += visit.steps().size();
      }
      for (int i = 0; i < visitors; i++) {
        DemoVisitor visitor =
            bots ? DemoVisitor.bot("bot-" + i, random) : DemoVisitor.human("v-" + i, random);
        layOut(visitor, visitsOf.get(i));
      }
    }

    /** Gives each visit a time, one after the other with more than a session gap between them. */
    private void layOut(DemoVisitor visitor, List<DemoVisit> visits) {
      long[] starts = new long[visits.size()];
      Arrays.setAll(starts, i -> startTime(visitor));
      Arrays.sort(starts);
      long free = historyStart;
      for (int i = 0; i < starts.length; i++) {
        DemoVisit visit = visits.get(i);
        long start = Math.max(starts[i], free);
        if (start + visit.lengthMs() > historyEnd) {
          return;
        }
        closed.add(visit, visitor);
        all.add(visit, visitor);
        plant(visit, visitor, start, false);
        long afterGap = random.nextBoolean() ? 1 : random.nextLong(1, 3_600_000);
        free = start + visit.lengthMs() + DemoVisit.GAP_MS + afterGap;
      }
    }

    private long startTime(DemoVisitor visitor) {
      while (true) {
        long time = random.nextLong(historyStart, historyEnd);
        if (visitor.bot() || random.nextDouble() < busyness(time)) {
          return time;
        }
      }
    }

    private void makeRush(int events) {
      int made = 0;
      for (int i = 0; made < events; i++) {
        DemoVisitor visitor = DemoVisitor.human("rush-" + i, random);
        DemoVisit visit = DemoVisit.rush(site, random);
        made += visit.steps().size();
        closed.add(visit, visitor);
        all.add(visit, visitor);
        plant(visit, visitor, rushStart() + random.nextLong(RUSH_MS), false);
      }
    }

    private void makeLive(int events) {
      int made = 0;
      for (int i = 0; made < events; i++) {
        DemoVisitor visitor = DemoVisitor.human("live-" + i, random);
        long start = now + random.nextLong(500, liveMs * 3 / 4);
        DemoVisit visit =
            DemoVisit.plan(site, DemoVisit.Pace.BRISK, random).within(now + liveMs - start);
        made += visit.steps().size();
        live.add(visit, visitor);
        all.add(visit, visitor);
        plant(visit, visitor, start, true);
      }
    }

    private void plant(DemoVisit visit, DemoVisitor visitor, long start, boolean isLive) {
      int count = visit.steps().size();
      int reported = count; // later ones are kept on the phone
      long delay = 0;
      boolean comesLate = false;
      if (!isLive && visitor.kind() == DemoVisitor.Kind.PHONE && count > 2) {
        comesLate = start > now - Duration.ofDays(1).toMillis() && random.nextDouble() < LATE_SHARE;
        if (comesLate || random.nextDouble() < OFFLINE_SHARE) {
          reported = random.nextInt(1, count);
          delay = random.nextLong(2 * 3_600_000L, 9 * 3_600_000L);
        }
      }
      long lateDue = now + random.nextLong(liveMs / 2);
      for (int i = 0; i < count; i++) {
        DemoVisit.Step step = visit.steps().get(i);
        long time = start + step.at();
        boolean kept = i >= reported;
        boolean lateNow = kept && comesLate;
        long due = lateNow ? lateDue : kept ? Math.min(time + delay, historyEnd) : time;
        late += lateNow ? 1 : 0;
        send(visitor, step, i, time, isLive || lateNow, due);
      }
    }

    private void send(
        DemoVisitor visitor, DemoVisit.Step step, int sequence, long time, boolean live, long due) {
      DemoEvent event =
          new DemoEvent(
              site,
              visitor,
              DemoEvent.newId(time, random),
              time,
              sequence,
              step,
              DemoEvent.Flaw.NONE);
      drafts.add(new Draft(event, !live, due));
      if (random.nextDouble() < DUPLICATE_SHARE) {
        duplicates++;
        long again = due + random.nextLong(500, live ? 5_000 : 90_000);
        drafts.add(new Draft(event, !live, live ? again : Math.min(again, now - 1)));
      }
      if (random.nextDouble() < INVALID_SHARE) {
        DemoEvent.Flaw flaw = DemoEvent.FLAWS.get(flaws++ % DemoEvent.FLAWS.size());
        refused.merge(flaw.code(), 1L, Long::sum);
        DemoEvent broken =
            new DemoEvent(site, visitor, DemoEvent.newId(time, random), time, sequence, step, flaw);
        drafts.add(new Draft(broken, !live, due));
      }
    }
  }
}
