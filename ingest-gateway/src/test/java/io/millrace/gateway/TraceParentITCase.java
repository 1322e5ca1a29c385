package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedGateway.class)
class TraceParentITCase {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @ParameterizedTest
  @CsvSource({
    TRACE + ", true",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01, false",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01, false",
    TRACE + "-more, false",
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more, true",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, false",
    "00-short-b7ad6b7169203331-01, false",
    "'', false"
  })
  void takesOnlyAWellFormedTrace(String header, boolean taken) {
    assertThat(TraceParent.parse(header).isPresent()).isEqualTo(taken);
  }

  @Test
  void takesNoTraceThatIsTooLong() {
    String longer = "cc" + TRACE.substring(2) + "-" + "x".repeat(100);

    assertThat(TraceParent.parse(longer)).isEmpty();
    assertThat(TraceParent.parse((String) null)).isEmpty();
  }

  @Test
  void writesTheTraceOfTheRequestToEachOfItsRecords() throws Exception {
    String id = SharedGateway.newId();
    String body = "[" + SharedGateway.event(id, "") + ",{\"eventId\":\"" + id + "-bad\"}]";

    HttpResponse<String> answer =
        SharedGateway.post(body.getBytes(UTF_8), TraceParent.HEADER, TRACE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(SharedGateway.record(id))
        .satisfies(
            record ->
                assertThat(EmbeddedBroker.header(record, TraceParent.HEADER)).isEqualTo(TRACE));
  }

  @Test
  void addsNoTraceToAnEventWithoutOne() throws Exception {
    String id = SharedGateway.newId();

    SharedGateway.post(SharedGateway.event(id, "").getBytes(UTF_8));

    assertThat(EmbeddedBroker.header(SharedGateway.record(id), TraceParent.HEADER)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "[1,"})
  void namesTheTraceInAProblem(String body) throws Exception {
    HttpResponse<String> answer =
        SharedGateway.post(body.getBytes(UTF_8), TraceParent.HEADER, TRACE);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("application/problem+json; charset=utf-8");
    assertThat(answer.body())
        .startsWith("{\"type\":\"about:blank\"")
        .endsWith(",\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"}");
  }
}
