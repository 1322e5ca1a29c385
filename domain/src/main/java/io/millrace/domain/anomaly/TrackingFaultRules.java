package io.millrace.domain.anomaly;

import static io.millrace.domain.anomaly.ExplanationText.number;
import static io.millrace.domain.anomaly.ExplanationText.percent;

import io.millrace.domain.anomaly.Explanation.Cause;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.metric.Grouping;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** When a change is the data's and not the people's. What was hardly expected proves nothing. */
public final class TrackingFaultRules {
  private static final double SUBSTANTIAL = 20;
  private static final double GONE = 0.05;
  private static final double GOES_ON = 0.5;
  private static final double REST_AS_USUAL = 0.25;
  private static final double LEAST_DOUBLED = 1.7;
  private static final double MOST_DOUBLED = 2.4;
  private static final double HARDLY_MORE = 1.3;
  private static final double WAVE = 1.5;
  private static final double IN_PROPORTION = 0.3;
  private static final double NEARLY_ALONE = 0.9;
  private static final Duration LEAST_BEHIND = Duration.ofMinutes(10);

  /** What is older was imported, or waited with a visitor's device. */
  private static final Duration MOST_BEHIND = Duration.ofHours(24);

  private static final Set<Grouping> CLIENTS =
      EnumSet.of(Grouping.BROWSER, Grouping.OS, Grouping.DEVICE);

  private static final Set<Grouping> OF_BOTS =
      EnumSet.of(
          Grouping.BROWSER,
          Grouping.OS,
          Grouping.COUNTRY,
          Grouping.REGION,
          Grouping.CITY,
          Grouping.PAGE);

  /**
   * A suspicion.
   *
   * @param text what speaks for it, for people
   */
  public record Finding(TrackingFault fault, String text) {}

  private TrackingFaultRules() {}

  /**
   * Looks at a change; the first suspicion in the order of {@link TrackingFault} counts.
   *
   * @param totals null where too little is known
   * @param behindMillis how long after its end the window was closed; 0 where nobody knows
   */
  public static Optional<Finding> find(Explanation explanation, Totals totals, long behindMillis) {
    return Optional.ofNullable(totals)
        .flatMap(known -> pageViewsGone(known))
        .or(() -> clientGone(explanation))
        .or(() -> Optional.ofNullable(totals).flatMap(known -> doubled(explanation, known)))
        .or(() -> Optional.ofNullable(totals).flatMap(known -> botWave(explanation, known)))
        .or(() -> behind(behindMillis));
  }

  private static Optional<Finding> pageViewsGone(Totals totals) {
    double expected = totals.expected(SegmentMeasure.PAGE_VIEWS);
    double actual = totals.actual(SegmentMeasure.PAGE_VIEWS);
    double others = totals.actual(SegmentMeasure.EVENTS) - actual;
    double othersExpected = totals.expected(SegmentMeasure.EVENTS) - expected;
    boolean gone = expected >= SUBSTANTIAL && actual <= GONE * expected;
    boolean othersGoOn = othersExpected >= SUBSTANTIAL && others >= GOES_ON * othersExpected;
    return gone && othersGoOn
        ? found(
            TrackingFault.PAGE_VIEWS_GONE,
            "page views are gone (%s of %s expected) while other events go on (%s of %s)",
            number(actual),
            number(expected),
            number(others),
            number(othersExpected))
        : Optional.empty();
  }

  private static Optional<Finding> clientGone(Explanation explanation) {
    if (explanation.causes().size() != 1) {
      return Optional.empty();
    }
    Segment segment = explanation.causes().get(0).segment();
    double rest = explanation.actual() - segment.actual();
    double restExpected = explanation.expected() - segment.expected();
    boolean gone =
        CLIENTS.contains(segment.grouping())
            && segment.expected() >= SUBSTANTIAL
            && segment.actual() <= GONE * segment.expected();
    boolean restAsUsual =
        restExpected >= SUBSTANTIAL && Math.abs(rest / restExpected - 1) <= REST_AS_USUAL;
    return gone && restAsUsual
        ? found(
            TrackingFault.CLIENT_GONE,
            "%s is gone (%s of %s expected) while the others are as usual (%s of %s)",
            ExplanationText.name(segment),
            number(segment.actual()),
            number(segment.expected()),
            number(rest),
            number(restExpected))
        : Optional.empty();
  }

  private static Optional<Finding> doubled(Explanation explanation, Totals totals) {
    boolean all =
        totals.expected(SegmentMeasure.EVENTS) >= SUBSTANTIAL
            && isDouble(totals, SegmentMeasure.EVENTS)
            && isDouble(totals, SegmentMeasure.PAGE_VIEWS)
            && isDouble(totals, SegmentMeasure.CLICKS)
            && isDouble(totals, SegmentMeasure.CONVERSIONS);
    boolean sameVisitors =
        totals.expected(SegmentMeasure.VISITORS) >= SUBSTANTIAL
            && totals.ratio(SegmentMeasure.VISITORS, SUBSTANTIAL) <= HARDLY_MORE;
    return all && sameVisitors && explanation.scope() != Scope.SEGMENTS
        ? found(
            TrackingFault.DOUBLED,
            "all that is counted by the event about doubled (events %s of %s expected)"
                + " while visitors did not (%s of %s)",
            number(totals.actual(SegmentMeasure.EVENTS)),
            number(totals.expected(SegmentMeasure.EVENTS)),
            number(totals.actual(SegmentMeasure.VISITORS)),
            number(totals.expected(SegmentMeasure.VISITORS)))
        : Optional.empty();
  }

  private static boolean isDouble(Totals totals, SegmentMeasure measure) {
    if (totals.expected(measure) < SUBSTANTIAL) {
      return true;
    }
    double ratio = totals.ratio(measure, SUBSTANTIAL);
    return ratio >= LEAST_DOUBLED && ratio <= MOST_DOUBLED;
  }

  private static Optional<Finding> botWave(Explanation explanation, Totals totals) {
    double events = totals.actual(SegmentMeasure.EVENTS);
    double expected = totals.expected(SegmentMeasure.EVENTS);
    double more = totals.ratio(SegmentMeasure.EVENTS, SUBSTANTIAL) - 1;
    if (more < WAVE - 1) {
      return Optional.empty();
    }
    double bots = totals.botEvents();
    double botsExpected = totals.expectedBotEvents();
    if (bots - botsExpected >= SUBSTANTIAL && bots / events > 2 * botsExpected / expected) {
      return found(
          TrackingFault.BOT_WAVE,
          "bots, who are not counted here, rose with it (%s events of %s expected)",
          number(bots),
          number(botsExpected));
    }
    if (totals.expected(SegmentMeasure.VISITORS) >= SUBSTANTIAL
        && totals.ratio(SegmentMeasure.VISITORS, SUBSTANTIAL) - 1 < IN_PROPORTION * more) {
      return found(
          TrackingFault.BOT_WAVE,
          "events rose (%s of %s expected) and visitors did not in proportion (%s of %s)",
          number(events),
          number(expected),
          number(totals.actual(SegmentMeasure.VISITORS)),
          number(totals.expected(SegmentMeasure.VISITORS)));
    }
    return ofOneKind(explanation, totals, more);
  }

  /** A page that people like is read by one kind of people, too; but they click. */
  private static Optional<Finding> ofOneKind(Explanation explanation, Totals totals, double more) {
    boolean noMoreClicks =
        totals.expected(SegmentMeasure.CLICKS) >= SUBSTANTIAL
            && totals.ratio(SegmentMeasure.CLICKS, SUBSTANTIAL) - 1 < IN_PROPORTION * more;
    if (explanation.causes().isEmpty() || !noMoreClicks) {
      return Optional.empty();
    }
    Cause first = explanation.causes().get(0);
    boolean rises = explanation.actual() > explanation.expected();
    return rises && first.share() >= NEARLY_ALONE && OF_BOTS.contains(first.segment().grouping())
        ? found(
            TrackingFault.BOT_WAVE,
            "%s makes %s of the rise alone, and clicks did not rise with it (%s of %s)",
            ExplanationText.name(first.segment()),
            percent(first.share()),
            number(totals.actual(SegmentMeasure.CLICKS)),
            number(totals.expected(SegmentMeasure.CLICKS)))
        : Optional.empty();
  }

  private static Optional<Finding> behind(long behindMillis) {
    return behindMillis >= LEAST_BEHIND.toMillis() && behindMillis <= MOST_BEHIND.toMillis()
        ? found(
            TrackingFault.PIPELINE_BEHIND,
            "the pipeline was behind: the window was closed %s min after its end",
            Long.toString(Duration.ofMillis(behindMillis).toMinutes()))
        : Optional.empty();
  }

  private static Optional<Finding> found(TrackingFault fault, String text, String... numbers) {
    return Optional.of(new Finding(fault, String.format(text, (Object[]) numbers)));
  }
}
