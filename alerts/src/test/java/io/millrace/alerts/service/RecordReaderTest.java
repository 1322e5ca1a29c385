package io.millrace.alerts.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.alert.AnomalyFact;
import io.millrace.domain.alert.AnomalyState;
import io.millrace.domain.alert.MeasureFact;
import io.millrace.domain.alert.Severity;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {
  private static final String VERDICT =
      "{\"tenant\":\"acme\",\"series\":\"page_views|country|DE|15m\",\"metric\":\"page_views\","
          + "\"grouping\":\"country\",\"value\":\"DE\",\"window_start\":100,\"window_end\":200,"
          + "\"actual\":1.5,\"expected\":null,\"lower\":2,\"upper\":3.0,\"score\":0.9,"
          + "\"severity\":\"warning\",\"state\":\"anomalous\",\"explanation\":\"a release\","
          + "\"segments\":null,\"fault\":null,\"model_version\":\"own-past-1\",\"history\":4000,"
          + "\"revision\":1}";
  private static final String MEASURE =
      "{\"tenant\":\"acme\",\"metric\":\"ctr\",\"grouping\":\"all\",\"value\":\"all\","
          + "\"window_start\":100,\"window_end\":200,\"actual\":0.25,\"sample_size\":8,"
          + "\"revision\":2}";

  private final RecordReader reader =
      new RecordReader(Clock.fixed(Instant.ofEpochMilli(1000), ZoneOffset.UTC));

  @Test
  void readsWhatTheJobsWrite() throws Exception {
    assertThat(reader.anomaly(VERDICT.getBytes(UTF_8)))
        .isEqualTo(
            new AnomalyFact(
                "acme",
                "page_views|country|DE|15m",
                "page_views",
                "country",
                "DE",
                100,
                200,
                1.5,
                Double.NaN,
                2,
                3,
                0.9,
                Severity.WARNING,
                AnomalyState.ANOMALOUS,
                "a release",
                1));
    assertThat(reader.measure(MEASURE.getBytes(UTF_8)))
        .contains(new MeasureFact("acme", "ctr", "all", "all", 100, 200, 0.25, 8, 2));
    assertThat(mark("{\"complete_up_to\":900,\"writer\":1,\"writers\":2}"))
        .isEqualTo(new Mark(1, 2, 900));
    assertThat(mark("{\"complete_up_to\":-30000,\"writer\":0,\"writers\":1}"))
        .isEqualTo(new Mark(0, 1, 0));
  }

  @Test
  void aWindowWithoutAValueSaysNothing() throws Exception {
    assertThat(reader.measure(MEASURE.replace("0.25", "null").getBytes(UTF_8))).isEmpty();
  }

  @ParameterizedTest(name = "{0} for {1}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          "tenant":7             ~ "tenant":"acme"      ~ tenant is 7; a text is allowed
          "x":"acme"             ~ "tenant":"acme"      ~ tenant is missing; a text is allowed
          "window_end":0         ~ "window_end":200     ~ The window of page_views|country|DE|15m is from 100 to 0; its end must be after its start
          "window_end":2.5       ~ "window_end":200     ~ window_end is 2.5; a whole number is allowed
          "window_end":99999999  ~ "window_end":200     ~ window_end is 99999999; epoch milliseconds up to a day from now is allowed
          "score":"high"         ~ "score":0.9          ~ score is "high"; a number or null is allowed
          "state":"odd"          ~ "state":"anomalous"  ~ state is "odd"; one of [learning, normal, anomalous, recovered, withdrawn] is allowed
          "severity":null        ~ "severity":"warning" ~ The anomaly of page_views|country|DE|15m has no severity; give notice, warning or critical
          """)
  void saysWhatIsWrong(String wrong, String right, String reason) {
    String record = VERDICT.replace(right, wrong);

    assertThat(record).isNotEqualTo(VERDICT);
    assertThatThrownBy(() -> reader.anomaly(record.getBytes(UTF_8)))
        .isInstanceOf(UnusableRecordException.class)
        .hasMessage(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      quoteCharacter = '`',
      value = {
        "{            = it is no JSON; a JSON object is allowed",
        "{} {}        = it is no JSON; a JSON object is allowed",
        "7            = it is no object; a JSON object is allowed",
        "{}           = complete_up_to is missing; a whole number is allowed",
        "{\"complete_up_to\":9223372036854775807,\"writer\":0,\"writers\":1} = complete_up_to is"
            + " 9223372036854775807; epoch milliseconds up to a day from now is allowed",
        "{\"complete_up_to\":1,\"writer\":1,\"writers\":1} = writer is 1 of 1; 0 to below the"
            + " number of writers is allowed"
      })
  void saysWhatIsWrongWithAMark(String record, String reason) {
    assertThatThrownBy(() -> mark(record))
        .isInstanceOf(UnusableRecordException.class)
        .hasMessage(reason);
  }

  @Test
  void aRecordHasAValue() {
    assertThatThrownBy(() -> reader.measure(null))
        .isInstanceOf(UnusableRecordException.class)
        .hasMessage("there is no value; a JSON object is allowed");
  }

  private Mark mark(String json) throws UnusableRecordException {
    return reader.mark(json.getBytes(UTF_8));
  }
}
