package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.EffectRules;
import io.millrace.domain.anomaly.EventRules;
import io.millrace.domain.anomaly.Forecast;
import io.millrace.domain.anomaly.PastRank;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;
import io.millrace.domain.anomaly.Surprise;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.anomaly.VerdictState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The model of one series whose type and cadence are known.
 *
 * <p>A point goes the same way each time: what the season foretells, how far off the point is (its
 * residual) and how far off what its neighbours foretold (its innovation); how surprising that is
 * to each part; what {@link EventRules} make of it; and last, what is learned from it. Deviations
 * are cut at four spreads before they are learned, and nothing of them is while an event lasts.
 */
final class SeriesModel {
  private static final double HOUR_MILLIS = 3_600_000;
  private static final double[] DRIFT_HOURS = {1, 3, 8, 24, 72};
  private static final int DRIFTS_OF_UNDESCRIBED = 3;
  private static final double LEAST_DRIFT_POINTS = 3;
  private static final int UP = 0;
  private static final int DOWN = 1;
  private static final int SHAPE = 2;
  private static final int PARTS_BEFORE_DRIFTS = 3;
  private static final int READY_POINTS = 150;
  private static final long DESCRIBED_LEARNING_MILLIS = 14 * Surprise.DAY_MILLIS;
  private static final double FORGET_WEEKS = 6;
  private static final double LEVEL_DAYS = 2;
  private static final double DESCRIBED_LEVEL_DAYS = 7;
  private static final double ERROR_DAYS = 3;
  private static final double LEAST_ERROR_POINTS = 200;
  private static final double LARGEST = 4;
  private static final double SHAPE_POINTS = 3;
  private static final double BAND_SPREADS = 3;
  private static final double FORECAST_SPREADS = 2;
  private static final double LEAST_RANKED = 0.02;

  private final boolean described;
  private final SeriesType type;
  private final double cadence;
  private final String version;
  private final LocalSlots slots;
  private final SeasonProfile season;
  private final ShortTerm shortTerm = new ShortTerm();
  private final Spread spread;
  private final DriftSums[] drifts;
  private final ShapeMemory shapes = new ShapeMemory();
  private final Repeats repeats;
  private final PastRank above;
  private final PastRank below;
  private final PastRank unlike;
  private final EventRules events;
  private final double[] surprises;
  private long seen;
  private long firstMillis;
  private long lastMillis;
  private double eventSum;
  private double eventBase;

  SeriesModel(Series series, SeriesType type, double cadenceMillis, String version) {
    this.described = series.described();
    this.type = type;
    this.cadence = cadenceMillis;
    this.version = version;
    this.slots = new LocalSlots(series.zone(), series.holidays(), cadenceMillis);
    this.season = new SeasonProfile(slots, type);
    this.spread = new Spread(HOUR_MILLIS / cadenceMillis);
    this.repeats = new Repeats(HOUR_MILLIS / cadenceMillis);
    double forgetPoints = FORGET_WEEKS * Surprise.WEEK_MILLIS / cadenceMillis;
    this.above = new PastRank(forgetPoints);
    this.below = new PastRank(forgetPoints);
    this.unlike = new PastRank(forgetPoints);
    this.drifts =
        Arrays.stream(DRIFT_HOURS)
            .map(hours -> hours * HOUR_MILLIS / cadenceMillis)
            .filter(points -> points >= LEAST_DRIFT_POINTS)
            .limit(described ? DRIFT_HOURS.length : DRIFTS_OF_UNDESCRIBED)
            .mapToObj(points -> new DriftSums(type, points, cadenceMillis, forgetPoints))
            .toArray(DriftSums[]::new);
    double[] spans = new double[PARTS_BEFORE_DRIFTS + drifts.length];
    for (int i = 0; i < drifts.length; i++) {
      spans[PARTS_BEFORE_DRIFTS + i] = drifts[i].spanMillis();
    }
    this.events = new EventRules(described, spans);
    this.surprises = new double[spans.length];
  }

  Verdict score(Point point) {
    long now = point.timestampMillis();
    double value = point.value();
    if (seen == 0) {
      firstMillis = now;
    }
    boolean learning = learns(now);
    long slot = slots.slot(now);
    int hour = slots.hour(now);
    season.moveTo(slot, value);
    double base = season.base(slot);
    double expected = season.level(base);
    double nearest = season.nearest(slot, base, expected, value);
    double even = type.even(value);
    double evenExpected = type.even(expected);
    double residual = even - evenExpected;
    double news = described ? even - type.even(nearest) : residual;
    double foretold = shortTerm.foretell();
    double innovation = residual - foretold;
    double least = type.leastSpread(even);
    spread.start(Math.max(least, Math.abs(innovation)));
    double pointSpread = spread.ofPoint(hour, least);
    double seasonSpread = spread.ofSeason(least);
    double effect = (value - nearest) / Math.max(Math.abs(expected), 1e-9);

    Arrays.fill(surprises, Surprise.NONE);
    boolean ready = seen >= READY_POINTS;
    judgePoint(ready, effect, value, expected, smaller(innovation, news) / pointSpread);
    judgeShape(ready, effect, even, spread.typical(least));
    double ofWeeks = described && !slots.holiday(slot) ? season.ofWeeks(expected) : expected;
    double slowResidual = even - type.even(ofWeeks);
    for (int i = 0; i < drifts.length; i++) {
      boolean slow = described && drifts[i].spanMillis() >= Surprise.DAY_MILLIS;
      boolean brief = drifts[i].spanMillis() <= HOUR_MILLIS || (described && slots.holiday(slot));
      double from = described && brief ? nearest : slow ? ofWeeks : expected;
      double deviation = brief ? news : slow ? slowResidual : residual;
      drifts[i].add(deviation / seasonSpread, value - from, expected);
      surprises[PARTS_BEFORE_DRIFTS + i] =
          ready ? drifts[i].surprise(seen, described) : Surprise.NONE;
    }
    boolean damped = events.active();
    double stuck = repeats.add(hour, value, type, expected, cadence, !damped);

    learn(slot, hour, damped, value, base, residual, foretold, pointSpread, seasonSpread);
    VerdictState state = judge(now, learning, ready ? stuck : Surprise.NONE, value);
    seen++;
    lastMillis = now;
    return new Verdict(
        now,
        value,
        expected,
        type.plain(evenExpected - BAND_SPREADS * seasonSpread),
        type.plain(evenExpected + BAND_SPREADS * seasonSpread),
        events.score(),
        effect,
        state,
        version);
  }

  /** Whether too little has been seen by that time to judge. */
  boolean learns(long now) {
    return seen < READY_POINTS || (described && now - firstMillis < DESCRIBED_LEARNING_MILLIS);
  }

  /** What is left of an innovation where the value is nothing new for this time of the week. */
  private double smaller(double innovation, double news) {
    if (!described || Math.abs(news) >= Math.abs(innovation)) {
      return innovation;
    }
    return Math.signum(news) == Math.signum(innovation) ? news : 0;
  }

  private void judgePoint(
      boolean ready, double effect, double value, double expected, double deviation) {
    PastRank side = deviation >= 0 ? above : below;
    PastRank other = deviation >= 0 ? below : above;
    double size = Math.abs(deviation);
    if (ready) {
      double surprise = Surprise.ofProbability(side.surprise(size, 0), cadence);
      if (described) {
        surprise = Math.min(surprise, EffectRules.bound(type, effect, cadence));
        if (type == SeriesType.COUNT) {
          surprise = Math.min(surprise, EffectRules.poissonBound(value, expected, cadence));
        }
      }
      surprises[deviation >= 0 ? UP : DOWN] = surprise;
    }
    side.add(size);
    other.add(LEAST_RANKED);
  }

  private void judgeShape(boolean ready, double effect, double even, double typical) {
    double distance = shapes.add(even) / typical;
    if (Double.isNaN(distance)) {
      return;
    }
    if (ready) {
      double surprise =
          Surprise.ofProbability(
              unlike.surprise(distance, ShapeMemory.LAG), cadence * SHAPE_POINTS);
      surprises[SHAPE] =
          described ? Math.min(surprise, EffectRules.bound(type, effect, cadence)) : surprise;
    }
    unlike.add(distance);
  }

  private VerdictState judge(long now, boolean learning, double stuck, double value) {
    if (learning && described) {
      events.learn(now, surprises, value);
      return VerdictState.LEARNING;
    }
    EventRules.Outcome outcome = events.judge(now, surprises, stuck, value);
    switch (outcome) {
      case ALARM -> {
        eventSum = 0;
        eventBase = 0;
      }
      case ACCEPTED -> {
        season.acceptLevel(eventSum, eventBase);
        for (DriftSums drift : drifts) {
          drift.forgetMean();
        }
      }
      default -> {}
    }
    if (learning) {
      return VerdictState.LEARNING;
    }
    return switch (outcome) {
      case ALARM, WITHIN_EVENT -> VerdictState.ANOMALOUS;
      case RECOVERED, ACCEPTED -> VerdictState.RECOVERED;
      case QUIET -> VerdictState.NORMAL;
    };
  }

  private void learn(
      long slot,
      int hour,
      boolean damped,
      double value,
      double base,
      double residual,
      double foretold,
      double pointSpread,
      double seasonSpread) {
    double even = type.even(value);
    double least = type.leastSpread(even);
    double innovation = residual - foretold;
    double limit = LARGEST * pointSpread;
    double errorPoints = Math.max(LEAST_ERROR_POINTS, ERROR_DAYS * Surprise.DAY_MILLIS / cadence);
    double errorShare = share(errorPoints);
    shortTerm.learn(foretold + Math.max(-limit, Math.min(limit, innovation)), errorShare);
    season.learnErrors(even, errorShare, least);
    spread.learn(hour, innovation, residual, least, errorShare, share(2 * errorPoints));
    for (DriftSums drift : drifts) {
      if (!damped) {
        drift.learn(seen);
      }
    }

    double expected = season.level(base);
    double cut = value;
    if (Math.abs(residual) > LARGEST * seasonSpread) {
      cut = type.plain(even - residual + Math.signum(residual) * LARGEST * seasonSpread);
    }
    double dayPoints = Surprise.DAY_MILLIS / cadence;
    if (damped) {
      eventSum += type.multiplies() ? cut : cut - base;
      eventBase += type.multiplies() ? base : 1;
    } else if (seen > Math.min(dayPoints, READY_POINTS)) {
      double levelDays = described ? DESCRIBED_LEVEL_DAYS : LEVEL_DAYS;
      season.learnLevel(cut, base, share(levelDays * dayPoints));
    }
    season.learnSlot(slot, damped ? expected : value, cut, share(dayPoints));
  }

  private double share(double points) {
    return 1 / Math.min(points, seen + 1);
  }

  List<Forecast> forecast(Duration ahead) {
    List<Forecast> forecasts = new ArrayList<>();
    if (seen < READY_POINTS) {
      return forecasts;
    }
    long step = slots.widthMillis();
    long first = lastMillis + (long) cadence;
    long end = first + ahead.toMillis();
    for (long start = first; start < end; start += step) {
      double expected = season.level(season.base(slots.slot(start)));
      double even = type.even(expected);
      double daysAhead = (start - lastMillis) / (double) Surprise.DAY_MILLIS;
      double band =
          FORECAST_SPREADS * spread.ofSeason(type.leastSpread(even)) * Math.sqrt(1 + daysAhead / 7);
      forecasts.add(
          new Forecast(
              start, start + step, expected, type.plain(even - band), type.plain(even + band)));
    }
    return forecasts;
  }

  void write(StateWriter out) {
    out.put(seen).put(firstMillis).put(lastMillis).put(eventSum).put(eventBase);
    season.write(out);
    shortTerm.write(out);
    spread.write(out);
    for (DriftSums drift : drifts) {
      drift.write(out);
    }
    shapes.write(out);
    repeats.write(out);
    above.write(out);
    below.write(out);
    unlike.write(out);
    events.write(out);
  }

  void read(StateReader in) {
    seen = in.nextLong();
    firstMillis = in.nextLong();
    lastMillis = in.nextLong();
    eventSum = in.nextDouble();
    eventBase = in.nextDouble();
    season.read(in);
    shortTerm.read(in);
    spread.read(in);
    for (DriftSums drift : drifts) {
      drift.read(in);
    }
    shapes.read(in);
    repeats.read(in);
    above.read(in);
    below.read(in);
    unlike.read(in);
    events.read(in);
  }
}
