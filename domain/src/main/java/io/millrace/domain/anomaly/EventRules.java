package io.millrace.domain.anomaly;

/**
 * From surprises to one alarm per event.
 *
 * <p>What looks at a series (its parts) is each weighed against its own past peaks, and the parts
 * are joined into one surprise. The row that rises above the bar gets it as its score; the bar is
 * then that high and sinks over days, so an event is one row at whatever level it is cut, and a
 * series that alarms often must do more each time: its budget. An alarm opens an event, which lasts
 * until the series has been calm for an hour, or so long that it is the new normal; within, no row
 * alarms again.
 */
public final class EventRules {
  /** Ten weeks between alarms by chance. */
  private static final double THRESHOLD_SURPRISE = 1.0;

  /** Described series have sharper parts, and people who are called at night: twenty weeks. */
  private static final double DESCRIBED_EXTRA = 0.3;

  private static final double SLOPE = 1.2;
  private static final double PART_LIMIT = 9;
  private static final double MARGIN = 0.3;
  private static final double BAR_HALF_LIFE_HOURS = 48;
  private static final double BAR_FLOOR = -1;
  private static final double BAR_SINKS_A_DAY = 0.3;
  private static final double CALM_BELOW = THRESHOLD_SURPRISE - 1;
  private static final int CALM_ROWS = 3;
  private static final long HOUR_MILLIS = 3_600_000L;
  private static final double WITHIN_EVENT = 0.49;

  /** After this long a change is the new normal. */
  public static final long LONGEST_EVENT_MILLIS = 3 * Surprise.DAY_MILLIS;

  /** What became of a row. */
  public enum Outcome {
    QUIET,
    ALARM,
    WITHIN_EVENT,
    RECOVERED,
    /** The event lasted so long that the model has to take it as normal from now on. */
    ACCEPTED
  }

  private final boolean described;
  private final PeakRank[] parts;
  private final RecordRank highest = new RecordRank();
  private final RecordRank lowest = new RecordRank();
  private double bar = -9;
  private long barMillis;
  private boolean active;
  private long startMillis;
  private int calmRows;
  private long calmSinceMillis;
  private double score;

  /**
   * @param spansMillis for each part, over how long its deviations last
   */
  public EventRules(boolean described, double[] spansMillis) {
    this.described = described;
    this.parts = new PeakRank[spansMillis.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new PeakRank(Math.max(Surprise.DAY_MILLIS, 2 * spansMillis[i]));
    }
  }

  /**
   * Judges a row.
   *
   * @param surprises of each part, {@link Surprise#NONE} where it has nothing to say
   * @param repeats the surprise at a value that does not change
   */
  public Outcome judge(long timestampMillis, double[] surprises, double repeats, double value) {
    double joined = join(timestampMillis, surprises, repeats, value);
    score = 0;
    Outcome outcome = active ? follow(timestampMillis, joined) : Outcome.QUIET;
    if (joined <= Surprise.NONE || outcome == Outcome.ACCEPTED) {
      return outcome;
    }

    double hours = (timestampMillis - barMillis) / (double) HOUR_MILLIS;
    double sunk =
        (bar - BAR_FLOOR) * Math.pow(2, -hours / BAR_HALF_LIFE_HOURS)
            + BAR_FLOOR
            - hours / 24 * BAR_SINKS_A_DAY;
    if (joined <= sunk + MARGIN) {
      return outcome;
    }
    bar = joined;
    barMillis = timestampMillis;
    double raised = 1 / (1 + Math.exp(-SLOPE * (joined - THRESHOLD_SURPRISE)));
    if (raised < Verdict.THRESHOLD) {
      score = raised;
      return outcome;
    }
    if (active) {
      score = WITHIN_EVENT;
      return outcome;
    }
    score = raised;
    active = true;
    startMillis = timestampMillis;
    calmRows = 0;
    calmSinceMillis = timestampMillis;
    return Outcome.ALARM;
  }

  /** Remembers a row's peaks while the series is still learned; nothing can begin then. */
  public void learn(long timestampMillis, double[] surprises, double value) {
    join(timestampMillis, surprises, Surprise.NONE, value);
    score = 0;
  }

  /** The score of the row judged last. */
  public double score() {
    return score;
  }

  /** Whether an event lasts. */
  public boolean active() {
    return active;
  }

  private double join(long timestampMillis, double[] surprises, double repeats, double value) {
    double sum = 0;
    for (int i = 0; i < parts.length; i++) {
      sum += rarity(parts[i].rank(timestampMillis, surprises[i]));
    }
    sum += rarity(Math.min(repeats, PART_LIMIT));
    if (!described) {
      double record =
          Math.max(highest.rank(timestampMillis, value), lowest.rank(timestampMillis, -value));
      sum += rarity(record);
    }
    if (sum == 0) {
      return Surprise.NONE;
    }
    return Math.log10(sum) - (described ? DESCRIBED_EXTRA : 0);
  }

  /** Weeks between two; those of the parts are added, so that parts that agree say more. */
  private static double rarity(double surprise) {
    return surprise <= Surprise.NONE ? 0 : Math.pow(10, surprise);
  }

  private Outcome follow(long timestampMillis, double joined) {
    if (joined < CALM_BELOW) {
      calmRows++;
      if (calmRows >= CALM_ROWS && timestampMillis - calmSinceMillis >= HOUR_MILLIS) {
        active = false;
        return Outcome.RECOVERED;
      }
    } else {
      calmRows = 0;
      calmSinceMillis = timestampMillis;
    }
    if (timestampMillis - startMillis > LONGEST_EVENT_MILLIS) {
      active = false;
      return Outcome.ACCEPTED;
    }
    return Outcome.WITHIN_EVENT;
  }

  public void write(StateWriter out) {
    for (PeakRank part : parts) {
      part.write(out);
    }
    highest.write(out);
    lowest.write(out);
    out.put(bar).put(barMillis).put(active).put(startMillis).put(calmRows).put(calmSinceMillis);
  }

  public void read(StateReader in) {
    for (PeakRank part : parts) {
      part.read(in);
    }
    highest.read(in);
    lowest.read(in);
    bar = in.nextDouble();
    barMillis = in.nextLong();
    active = in.nextBoolean();
    startMillis = in.nextLong();
    calmRows = in.nextInt();
    calmSinceMillis = in.nextLong();
  }
}
