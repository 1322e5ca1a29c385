package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.alert.Severity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeverityRulesTest {
  @ParameterizedTest
  @CsvSource({
    "page_views, 0.6, 0, 410, 410, CRITICAL",
    "page_views, 0.6, 0, 49, 49, WARNING",
    "page_views, 0.6, 0, 12, 12, NOTICE",
    "page_views, 0.9, 900, 2000, 1100, CRITICAL",
    "page_views, 0.6, 900, 2000, 1100, WARNING",
    "page_views, 0.6, 68, 100, 32, WARNING",
    "page_views, 0.6, 78, 100, 22, NOTICE",
    "page_views, 0.8, 78, 100, 22, WARNING",
    "page_views, 0.9, 140, 100, 40, NOTICE",
    "page_views, 0.9, 210, 100, 110, WARNING",
    "page_views, 0.9, 90000, 100, 89900, WARNING",
    "errors, 0.6, 900, 50, 850, CRITICAL",
    "errors, 0.6, 0, 500, 500, WARNING",
    "bounce_rate, 0.6, 0.9, 0.4, 300, WARNING",
    "ctr, 0.6, 0.001, 0.2, 80, CRITICAL",
    "revenue, 0.6, 0, 100000, 12, NOTICE",
    "ctr, 0.6, 0.001, 0.2, NaN, NOTICE"
  })
  void itIsAsBadAsWhatIsLostIsMuch(
      String metric,
      double score,
      double actual,
      double expected,
      double things,
      Severity severity) {
    assertThat(SeverityRules.of(metric, score, actual, expected, things)).isEqualTo(severity);
  }
}
