package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.metric.Grouping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationRulesTest {
  @Test
  void theOneSegmentThatIsGoneExplainsTheDropAndTheSmallerOnesOfItDoNot() {
    List<Segment> segments =
        segments(
            "country=DE 3 300",
            "country=FR 62 60",
            "country=US 55 50",
            "region=DE/BY 1 150",
            "region=DE/BE 2 150",
            "region=FR/IDF 62 60",
            "browser=Chrome 60 210",
            "browser=Safari 60 200");

    Explanation explanation = ExplanationRules.explain(120, 410, 1, segments);

    assertThat(explanation.scope()).isEqualTo(Scope.SEGMENTS);
    assertThat(names(explanation)).containsExactly("country=DE");
    assertThat(explanation.causes().get(0).share()).isCloseTo(297 / 290.0, within(1e-9));
  }

  @Test
  void theFinerSegmentIsNamedWhenItAloneIsGone() {
    List<Segment> segments =
        segments(
            "country=DE 152 300",
            "country=FR 110 110",
            "region=DE/BY 1 150",
            "region=DE/BE 151 150",
            "region=FR/IDF 110 110");

    Explanation explanation = ExplanationRules.explain(262, 410, 1, segments);

    assertThat(names(explanation)).containsExactly("region=DE/BY");
  }

  @ParameterizedTest
  @CsvSource({
    "country=LU 5 400, region=LU/L 5 400, country=LU",
    "channel=email 900 100, source=newsletter 900 100, channel=email",
    "channel=email 900 100, campaign=spring 900 100, channel=email",
    "os=iOS 0 300, browser=Safari 0 300, os=iOS"
  })
  void theCoarserOfTwoThatExplainEquallyWellIsNamed(String one, String other, String named) {
    double actual = segment(one).actual() + 500;
    double expected = segment(one).expected() + 500;
    List<Segment> segments = new ArrayList<>(segments(other, one));
    for (Segment found : segments(other, one)) {
      segments.add(new Segment(found.grouping(), "rest", 500, 500));
    }

    Explanation explanation = ExplanationRules.explain(actual, expected, 1, segments);

    assertThat(names(explanation)).containsExactly(named);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.03, 0.03", "0.5, 0.5", "2, 2", "0.5, 0.45", "3, 3.4"})
  void whatHitsAllAlikeIsExplainedByNone(double ofOne, double ofOther) {
    List<Segment> segments =
        List.of(
            new Segment(Grouping.COUNTRY, "DE", 600 * ofOther, 600),
            new Segment(Grouping.COUNTRY, "FR", 400 * ofOne, 400));

    Explanation explanation =
        ExplanationRules.explain(600 * ofOther + 400 * ofOne, 1000, 1, segments);

    assertThat(explanation.scope()).isEqualTo(Scope.EVERYWHERE);
    assertThat(explanation.causes()).isEmpty();
  }

  @Test
  void severalSegmentsExplainTogetherTheLargestFirst() {
    List<Segment> segments =
        segments("page=/a 0 120", "page=/b 0 200", "page=/c 405 400", "page=/d 5 8");

    Explanation explanation = ExplanationRules.explain(410, 728, 1, segments);

    assertThat(names(explanation)).containsExactly("page=/b", "page=/a");
    assertThat(explanation.explained()).isCloseTo(320 / 318.0, within(1e-9));
  }

  @Test
  void aSegmentThatIsNewExplainsARise() {
    List<Segment> segments =
        segments("campaign=spring 900 0", "campaign=brand 101 100", "country=DE 1900 1000");

    Explanation explanation = ExplanationRules.explain(1900, 1000, 1, segments);

    assertThat(names(explanation)).containsExactly("campaign=spring");
  }

  @Test
  void fewThingsThatComeTogetherAreNoReasonForANumberOfThem() {
    List<Segment> segments = segments("country=DE 0 12", "country=FR 40 40");

    assertThat(ExplanationRules.explain(40, 52, 1, segments).scope()).isEqualTo(Scope.SEGMENTS);
    assertThat(ExplanationRules.explain(40, 52, 10, segments).scope()).isEqualTo(Scope.EVERYWHERE);
  }

  @Test
  void nothingIsSaidWithoutSegments() {
    assertThat(ExplanationRules.explain(40, 52, 1, List.of()).scope()).isEqualTo(Scope.UNKNOWN);
  }

  @Test
  void surpriseIsThatOfThePaper() {
    assertThat(ExplanationRules.surprise(0.4, 0)).isCloseTo(0.2 * Math.log(2), within(1e-12));
    assertThat(ExplanationRules.surprise(0.3, 0.3)).isCloseTo(0, within(1e-12));
  }

  private static List<Segment> segments(String... texts) {
    return Arrays.stream(texts).map(ExplanationRulesTest::segment).toList();
  }

  /** From {@code grouping=value actual expected}. */
  private static Segment segment(String text) {
    String[] parts = text.split("[= ]");
    for (Grouping grouping : Grouping.values()) {
      if (grouping.label().equals(parts[0])) {
        return new Segment(
            grouping, parts[1], Double.parseDouble(parts[2]), Double.parseDouble(parts[3]));
      }
    }
    throw new IllegalArgumentException(text);
  }

  private static List<String> names(Explanation explanation) {
    return explanation.causes().stream()
        .map(cause -> ExplanationText.name(cause.segment()))
        .toList();
  }
}
