package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.Explanation.Cause;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.anomaly.TrackingFaultRules.Finding;
import io.millrace.domain.metric.Grouping;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTextTest {
  private static final String CHANGE =
      ExplanationText.change("page_views", Grouping.ALL, "all", 120, 410.4, 349.9, 470);

  @Test
  void saysWhatItIsAndShouldBeAndWhichSegmentsExplainIt() {
    Explanation explanation =
        new Explanation(
            120,
            410,
            Scope.SEGMENTS,
            List.of(
                new Cause(new Segment(Grouping.COUNTRY, "DE", 3, 240), 0.82),
                new Cause(new Segment(Grouping.COUNTRY, "AT", 0, 41.26), 0.14)));

    assertThat(ExplanationText.of(CHANGE, explanation, null))
        .isEqualTo(
            "page_views is 120, expected 410 (350 to 470), -71 %; country=DE explains 82 % of the"
                + " change (3 of 240 expected), country=AT 14 % (0 of 41.3 expected)");
  }

  @Test
  void saysWhenItIsEverywhereAndWhenTheDataIsSuspected() {
    Explanation everywhere = new Explanation(120, 410, Scope.EVERYWHERE, List.of());
    Finding finding = new Finding(TrackingFault.DOUBLED, "all doubled");

    assertThat(ExplanationText.of(CHANGE, everywhere, finding))
        .isEqualTo(
            "page_views is 120, expected 410 (350 to 470), -71 %; everywhere alike, no segment"
                + " stands out; the data itself is to be suspected: all doubled");
  }

  @Test
  void saysNothingOfWhatNobodyKnows() {
    String change =
        ExplanationText.change(
            "bounce_rate", Grouping.COUNTRY, "DE", Double.NaN, 0.4234, Double.NaN, Double.NaN);

    assertThat(ExplanationText.of(change, Explanation.NONE, null))
        .isEqualTo("bounce_rate of country=DE has no value, expected 0.423");
  }

  @Test
  void aRiseHasASign() {
    assertThat(ExplanationText.change("events", Grouping.ALL, "all", 15_000, 10_000, 9_000, 11_000))
        .isEqualTo("events is 15000, expected 10000 (9000 to 11000), +50 %");
  }
}
