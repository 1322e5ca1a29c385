package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.domain.anomaly.ChangeExplainer.Change;
import io.millrace.domain.anomaly.ChangeExplainer.Findings;
import io.millrace.domain.anomaly.ChangeExplainer.Time;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.Measures;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A tenant that usually has 1000 sessions a window, 300 of them from DE, 100 by e-mail. They bounce
 * at 30 %, those by e-mail at 80 %.
 */
class ChangeExplainerTest {
  private static final long WINDOW = Duration.ofMinutes(15).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long NOW = 10 * DAY;
  private static final Time QUARTER = new Time(NOW, NOW + WINDOW, 1);

  private final SegmentHistory total = new SegmentHistory();
  private final Map<Grouping, Map<String, SegmentHistory>> segments = new EnumMap<>(Grouping.class);
  private final ChangeExplainer explainer = new ChangeExplainer(total, null, segments);

  @BeforeEach
  void learn() {
    for (int day = 0; day < 7; day++) {
      usual(day * DAY);
    }
    var folded = total.foldedBefore(7 * DAY, start -> false);
    segments
        .values()
        .forEach(of -> of.values().forEach(s -> s.fold(folded, total, 7 * DAY, 7 * DAY)));
    total.fold(folded, total, 7 * DAY, 7 * DAY);
  }

  private void usual(long start) {
    put(start, Grouping.ALL, "all", 1000, 350);
    put(start, Grouping.COUNTRY, "DE", 300, 105);
    put(start, Grouping.COUNTRY, "FR", 700, 245);
    put(start, Grouping.CHANNEL, "email", 100, 80);
    put(start, Grouping.CHANNEL, "organic", 900, 270);
  }

  @Test
  void aSegmentIsExpectedToHaveItsUsualShareOfWhatTheTotalIsExpectedToHave() {
    put(NOW, Grouping.ALL, "all", 1400, 350);
    put(NOW, Grouping.COUNTRY, "FR", 1400, 350);
    channels(140, 1260);

    Explanation explanation = explain("sessions", Grouping.ALL, "all", 1400, 2000).explanation();

    assertThat(explanation.causes()).hasSize(1);
    Segment first = explanation.causes().get(0).segment();
    assertThat(first.value()).isEqualTo("DE");
    assertThat(first.expected()).isCloseTo(600, within(0.1));
    assertThat(explanation.causes().get(0).share()).isCloseTo(1, within(0.001));
  }

  @Test
  void whatIsNotRememberedIsTheOther() {
    put(NOW, Grouping.ALL, "all", 3000, 350);
    put(NOW, Grouping.COUNTRY, "DE", 300, 105);
    put(NOW, Grouping.COUNTRY, "FR", 700, 245);
    channels(300, 2700);

    Explanation explanation = explain("sessions", Grouping.ALL, "all", 3000, 1000).explanation();

    Segment first = explanation.causes().get(0).segment();
    assertThat(first.grouping()).isEqualTo(Grouping.COUNTRY);
    assertThat(first.value()).isEqualTo(ChangeExplainer.OTHER);
  }

  @Test
  void aRatioIsExplainedByTheSegmentWhoseOwnChanged() {
    usual(NOW);
    put(NOW, Grouping.ALL, "all", 1000, 545);
    put(NOW, Grouping.COUNTRY, "DE", 300, 300);
    put(NOW, Grouping.CHANNEL, "email", 100, 100);
    put(NOW, Grouping.CHANNEL, "organic", 900, 445);

    Explanation explanation =
        explain("bounce_rate", Grouping.ALL, "all", 0.545, 0.35).explanation();

    Segment first = explanation.causes().get(0).segment();
    assertThat(first.value()).isEqualTo("DE");
    assertThat(first.expected()).isCloseTo(105, within(0.1));
    assertThat(explanation.causes().get(0).share()).isCloseTo(1, within(0.001));
  }

  @Test
  void aRatioIsExplainedByTheSegmentThatGrewThoughItsOwnIsAsUsual() {
    put(NOW, Grouping.ALL, "all", 1900, 1070);
    put(NOW, Grouping.CHANNEL, "email", 1000, 800);
    put(NOW, Grouping.CHANNEL, "organic", 900, 270);
    put(NOW, Grouping.COUNTRY, "DE", 570, 321);
    put(NOW, Grouping.COUNTRY, "FR", 1330, 749);

    Explanation explanation =
        explain("bounce_rate", Grouping.ALL, "all", 1070 / 1900.0, 0.35).explanation();

    assertThat(explanation.causes()).hasSize(1);
    assertThat(explanation.causes().get(0).segment().value()).isEqualTo("email");
    assertThat(explanation.causes().get(0).share()).isCloseTo(0.9, within(0.05));
  }

  @Test
  void anOutageOfASegmentThatIsOneOfAllIsEverywhere() {
    put(NOW, Grouping.ALL, "all", 100, 35);
    put(NOW, Grouping.COUNTRY, "DE", 30, 10);
    put(NOW, Grouping.COUNTRY, "FR", 70, 25);
    channels(10, 90);

    Findings findings = explain("sessions", Grouping.COUNTRY, "DE", 30, 300);

    assertThat(findings.explanation().scope()).isEqualTo(Scope.EVERYWHERE);
    assertThat(findings.totals().expected(SegmentMeasure.SESSIONS)).isCloseTo(1000, within(1.0));
  }

  @Test
  void whenNothingIsLeftItIsEverywhere() {
    Findings findings = explain("sessions", Grouping.ALL, "all", 0, 1000);

    assertThat(findings.explanation().scope()).isEqualTo(Scope.EVERYWHERE);
  }

  @Test
  void nothingIsSaidWhileTheSegmentsAreNotYetHere() {
    assertThat(explain("sessions", Grouping.ALL, "all", 500, 1000)).isEqualTo(Findings.NONE);
  }

  @Test
  void nothingIsSaidOfWhatHasNoSegmentsOrNoExpectation() {
    usual(NOW);

    assertThat(explain("errors", Grouping.ALL, "all", 500, 10)).isEqualTo(Findings.NONE);
    assertThat(explain("sessions", Grouping.ALL, "all", 500, Double.NaN)).isEqualTo(Findings.NONE);
    assertThat(explain("sessions", Grouping.COUNTRY, "LU", 0, 5)).isEqualTo(Findings.NONE);
  }

  @Test
  void nothingIsSaidBeforeAnythingIsUsual() {
    SegmentHistory fresh = new SegmentHistory();
    fresh.put(NOW, measures(500, 10));

    assertThat(
            new ChangeExplainer(fresh, null, segments)
                .explain(new Change("sessions", Grouping.ALL, "all", 500, 1000), QUARTER))
        .isEqualTo(Findings.NONE);
  }

  @Test
  void aMinuteIsExplainedByItsQuarterAsFarAsItIsKnown() {
    put(NOW, Grouping.ALL, "all", 240, 80);
    put(NOW, Grouping.COUNTRY, "FR", 240, 80);
    channels(24, 216);
    Time afterFiveMinutes = new Time(NOW, NOW + WINDOW, 0.2);

    Explanation explanation =
        explainer
            .explain(new Change("sessions", Grouping.ALL, "all", 47, 66), afterFiveMinutes)
            .explanation();

    assertThat(explanation.expected()).isCloseTo(330, within(0.1));
    assertThat(explanation.causes().get(0).segment().value()).isEqualTo("DE");
  }

  private void channels(long email, long organic) {
    put(NOW, Grouping.CHANNEL, "email", email, 0);
    put(NOW, Grouping.CHANNEL, "organic", organic, 0);
  }

  private Findings explain(
      String metric, Grouping grouping, String value, double actual, double expected) {
    return explainer.explain(new Change(metric, grouping, value, actual, expected), QUARTER);
  }

  private void put(long start, Grouping grouping, String value, long sessions, long bounces) {
    SegmentHistory history =
        grouping == Grouping.ALL
            ? total
            : segments
                .computeIfAbsent(grouping, key -> new HashMap<>())
                .computeIfAbsent(value, key -> new SegmentHistory());
    history.put(start, measures(sessions, bounces));
  }

  private static Measures measures(long sessions, long bounces) {
    Measures measures = new Measures();
    measures.sessions = sessions;
    measures.bounces = bounces;
    return measures;
  }
}
