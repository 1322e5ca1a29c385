package io.millrace.domain.alert;

import java.time.Duration;
import java.util.Set;

/** When a rule finds something wrong. Without state: it is handed the past it asks for. */
sealed interface Condition {
  /** Whether the fact is of a series that this is about. */
  boolean concerns(WindowFact fact);

  /**
   * Judges one window.
   *
   * @param weekBefore the same window a week before, by local time; null where it is not known
   * @return null where it cannot be told
   */
  Judgement judge(WindowFact fact, Past weekBefore);

  /** Whether {@link #judge} needs the week before. */
  default boolean looksBack() {
    return false;
  }

  /** Which series are meant; an empty set means all. */
  record Selection(Set<String> metrics, Set<String> groupings, Set<String> values) {
    boolean holds(WindowFact fact) {
      return in(metrics, fact.metric())
          && in(groupings, fact.grouping())
          && in(values, fact.value());
    }

    private static boolean in(Set<String> set, String one) {
      return set.isEmpty() || set.contains(one);
    }
  }

  /** Verdicts of at least this severity. */
  record Anomaly(Severity least, Selection selection) implements Condition {
    @Override
    public boolean concerns(WindowFact fact) {
      return fact instanceof AnomalyFact && selection.holds(fact);
    }

    @Override
    public Judgement judge(WindowFact fact, Past weekBefore) {
      AnomalyFact verdict = (AnomalyFact) fact;
      if (verdict.state() == AnomalyState.LEARNING) {
        return null;
      }
      boolean breach =
          verdict.state() == AnomalyState.ANOMALOUS && verdict.severity().isAtLeast(least);
      return new Judgement(
          breach,
          verdict.severity(),
          verdict.expected(),
          verdict.lower(),
          verdict.upper(),
          verdict.explanation());
    }
  }

  /**
   * A measure beyond fixed bounds.
   *
   * @param above null for none
   * @param below null for none
   */
  record Threshold(Selection selection, long windowMillis, Double above, Double below)
      implements Condition {
    @Override
    public boolean concerns(WindowFact fact) {
      return fact instanceof MeasureFact
          && fact.windowMillis() == windowMillis
          && selection.holds(fact);
    }

    @Override
    public Judgement judge(WindowFact fact, Past weekBefore) {
      double actual = fact.actual();
      boolean tooHigh = above != null && actual > above;
      boolean tooLow = below != null && actual < below;
      String bound =
          tooHigh
              ? ", above " + AlertText.number(above)
              : tooLow ? ", below " + AlertText.number(below) : "";
      return Judgement.of(
          tooHigh || tooLow, Double.NaN, fact.metric() + " is " + AlertText.number(actual) + bound);
    }
  }

  /**
   * A measure against that of a week before.
   *
   * @param upByPercent null for none
   * @param downByPercent null for none
   * @param least where neither reaches it, there is too little to judge
   */
  record Change(
      Selection selection,
      long windowMillis,
      Double upByPercent,
      Double downByPercent,
      double least)
      implements Condition {
    @Override
    public boolean concerns(WindowFact fact) {
      return fact instanceof MeasureFact
          && fact.windowMillis() == windowMillis
          && selection.holds(fact);
    }

    @Override
    public boolean looksBack() {
      return true;
    }

    @Override
    public Judgement judge(WindowFact fact, Past weekBefore) {
      if (weekBefore == null) {
        return null;
      }
      double actual = fact.actual();
      double before = weekBefore.actual();
      boolean judged = Math.max(actual, before) >= least;
      boolean up = upByPercent != null && actual > before * (1 + upByPercent / 100);
      boolean down =
          downByPercent != null && before > 0 && actual <= before * (1 - downByPercent / 100);
      return Judgement.of(
          judged && (up || down),
          before,
          fact.metric()
              + " is "
              + AlertText.number(actual)
              + ", a week before it was "
              + AlertText.number(before));
    }
  }

  /** The rate of a funnel or goal against that of a week before. */
  record Drop(String metric, String name, double byPercent, long leastEntries)
      implements Condition {
    @Override
    public boolean concerns(WindowFact fact) {
      return fact instanceof MeasureFact
          && fact.metric().equals(metric)
          && fact.value().equals(name);
    }

    @Override
    public boolean looksBack() {
      return true;
    }

    @Override
    public Judgement judge(WindowFact fact, Past weekBefore) {
      long entries = ((MeasureFact) fact).sampleSize();
      if (weekBefore == null || Math.min(entries, weekBefore.sampleSize()) < leastEntries) {
        return null;
      }
      double before = weekBefore.actual();
      return Judgement.of(
          before > 0 && fact.actual() <= before * (1 - byPercent / 100),
          before,
          AlertText.percent(fact.actual())
              + " of "
              + entries
              + " got through, a week before it was "
              + AlertText.percent(before)
              + " of "
              + weekBefore.sampleSize());
    }
  }

  /** The share of dead letters. */
  record DeadLetters(double abovePercent, long leastEvents) implements Condition {
    @Override
    public boolean concerns(WindowFact fact) {
      return fact instanceof MeasureFact && fact.metric().equals(MeasureFact.DEAD_LETTER_RATIO);
    }

    @Override
    public Judgement judge(WindowFact fact, Past weekBefore) {
      long events = ((MeasureFact) fact).sampleSize();
      if (events < leastEvents) {
        return null;
      }
      return Judgement.of(
          fact.actual() * 100 > abovePercent,
          Double.NaN,
          AlertText.percent(fact.actual()) + " of " + events + " events are dead letters");
    }
  }

  /** How far behind the data is. */
  record Freshness(Duration behind) implements Condition {
    @Override
    public boolean concerns(WindowFact fact) {
      return fact instanceof MeasureFact && fact.metric().equals(MeasureFact.BEHIND_MILLIS);
    }

    @Override
    public Judgement judge(WindowFact fact, Past weekBefore) {
      return Judgement.of(
          fact.actual() > behind.toMillis(),
          Double.NaN,
          "the data is complete up to "
              + AlertText.duration((long) fact.actual())
              + " ago; at most "
              + AlertText.duration(behind.toMillis())
              + " is usual");
    }
  }
}
