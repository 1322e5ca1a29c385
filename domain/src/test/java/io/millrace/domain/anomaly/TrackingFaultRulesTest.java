package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.Explanation.Cause;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.anomaly.TrackingFaultRules.Finding;
import io.millrace.domain.metric.Grouping;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackingFaultRulesTest {
  private static final Explanation EVERYWHERE = new Explanation(0, 0, Scope.EVERYWHERE, List.of());

  /** Usual are 1000 events: 600 views, 300 clicks, 100 conversions, by 200 visitors. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // events, views, clicks, conversions, visitors, bots (50 usual)
        "1000, 600, 300, 100, 200, 50, -",
        "400, 0, 300, 100, 200, 50, PAGE_VIEWS_GONE",
        "420, 20, 300, 100, 200, 50, PAGE_VIEWS_GONE",
        "0, 0, 0, 0, 0, 0, -",
        "500, 300, 150, 50, 100, 25, -",
        "2000, 1200, 600, 200, 200, 50, DOUBLED",
        "2000, 1200, 600, 200, 400, 100, -",
        "3000, 2600, 300, 100, 210, 50, BOT_WAVE",
        "3000, 1800, 900, 300, 600, 600, BOT_WAVE",
        "3000, 1800, 900, 300, 600, 150, -"
      })
  void theMeasuresTogetherTell(
      double events,
      double views,
      double clicks,
      double conversions,
      double visitors,
      double bots,
      TrackingFault fault) {
    Totals totals = totals(events, views, clicks, conversions, visitors, bots);

    Optional<Finding> found = TrackingFaultRules.find(EVERYWHERE, totals, 0);

    assertThat(found.map(Finding::fault)).isEqualTo(Optional.ofNullable(fault));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "BROWSER, 4, 200, 800, CLIENT_GONE",
        "DEVICE, 0, 400, 600, CLIENT_GONE",
        "OS, 40, 200, 800, -",
        "BROWSER, 4, 200, 500, -",
        "BROWSER, 0, 15, 800, -",
        "COUNTRY, 4, 200, 800, -"
      })
  void aBrowserThatIsGoneAloneIsTheTrackers(
      Grouping grouping, double actual, double expected, double rest, TrackingFault fault) {
    Segment gone = new Segment(grouping, "x", actual, expected);
    double restExpected = grouping == Grouping.DEVICE ? 600 : 800;
    Explanation explanation =
        new Explanation(
            actual + rest, expected + restExpected, Scope.SEGMENTS, List.of(new Cause(gone, 1)));

    Optional<Finding> found = TrackingFaultRules.find(explanation, null, 0);

    assertThat(found.map(Finding::fault)).isEqualTo(Optional.ofNullable(fault));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "BROWSER, 300, BOT_WAVE",
        "COUNTRY, 310, BOT_WAVE",
        "COUNTRY, 900, -",
        "CAMPAIGN, 300, -"
      })
  void aRiseOfOneKindThatNeverClicksIsOfBots(
      Grouping grouping, double clicks, TrackingFault fault) {
    Segment risen = new Segment(grouping, "x", 2100, 100);
    Explanation explanation =
        new Explanation(3000, 1000, Scope.SEGMENTS, List.of(new Cause(risen, 0.98)));
    Totals totals = totals(3000, 2600, clicks, 100, 500, 50);

    Optional<Finding> found = TrackingFaultRules.find(explanation, totals, 0);

    assertThat(found.map(Finding::fault)).isEqualTo(Optional.ofNullable(fault));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "9, false", "11, true", "1400, true", "1500, false"})
  void aWindowThatWasClosedLateIsSuspect(long minutes, boolean suspect) {
    Optional<Finding> found =
        TrackingFaultRules.find(EVERYWHERE, null, Duration.ofMinutes(minutes).toMillis());

    assertThat(found.isPresent()).isEqualTo(suspect);
  }

  @Test
  void saysWhatSpeaksForIt() {
    assertThat(TrackingFaultRules.find(EVERYWHERE, totals(400, 0, 300, 100, 200, 50), 0))
        .contains(
            new Finding(
                TrackingFault.PAGE_VIEWS_GONE,
                "page views are gone (0 of 600 expected) while other events go on (400 of 400)"));
    assertThat(TrackingFaultRules.find(EVERYWHERE, null, Duration.ofMinutes(45).toMillis()))
        .contains(
            new Finding(
                TrackingFault.PIPELINE_BEHIND,
                "the pipeline was behind: the window was closed 45 min after its end"));
  }

  private static Totals totals(
      double events,
      double views,
      double clicks,
      double conversions,
      double visitors,
      double bots) {
    return new Totals(
        new double[] {events, views, clicks, 0, 0, conversions, 0, visitors},
        new double[] {1000, 600, 300, 0, 0, 100, 0, 200},
        bots,
        50);
  }
}
