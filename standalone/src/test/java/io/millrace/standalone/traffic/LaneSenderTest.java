package io.millrace.standalone.traffic;

import static io.millrace.standalone.traffic.CollectClientTest.bad;
import static io.millrace.standalone.traffic.CollectClientTest.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.traffic.CollectClient.Timing;
import io.millrace.standalone.traffic.FakeGateway.Answer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaneSenderTest {
  private FakeGateway gateway;
  private CollectClient client;

  @BeforeEach
  void start() throws Exception {
    gateway = new FakeGateway();
    client = new CollectClient(gateway.url(), CollectClient.Options.DEFAULT);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void keepsTheOrderOfEachVisitorThroughRetries() throws Exception {
    gateway.answering(Answer.of(503), Answer.of(0), Answer.of(204), Answer.of(503));

    SendReport report;
    try (LaneSender sender = new LaneSender(client, 4)) {
      for (int i = 0; i < 5_000; i++) {
        sender.send("k", Timing.HISTORICAL, event("" + i, "click", "v" + i % 37));
      }
      report = sender.finish();
    }

    assertThat(report.accepted()).isEqualTo(5_000);
    assertThat(report.retries()).isEqualTo(3);
    assertThat(gateway.taken()).hasSize(5_000);
    Map<String, Integer> last = new HashMap<>();
    for (JsonNode event : gateway.taken()) {
      int id = event.get("eventId").asInt();
      Integer before = last.put(event.get("visitorId").asText(), id);
      assertThat(before == null || before < id).isTrue();
    }
  }

  @Test
  void neverSendsMoreThanTheGatewayTakesInOneRequestNorMixesKeys() throws Exception {
    String padding = "x".repeat(30_000);
    try (LaneSender sender = new LaneSender(client, 2)) {
      for (int i = 0; i < 1_500; i++) {
        sender.send("k" + i / 1_000, Timing.LIVE, event("" + i, "click", "v" + i));
      }
      for (int i = 0; i < 100; i++) {
        sender.send("k0", Timing.LIVE, event("" + i, padding, "v"));
      }
      sender.finish();
    }

    assertThat(gateway.taken()).hasSize(1_600);
    assertThat(gateway.batches())
        .allSatisfy(
            batch -> {
              assertThat(batch.events()).hasSizeLessThanOrEqualTo(500);
              assertThat(batch.body().toString().getBytes(StandardCharsets.UTF_8))
                  .hasSizeLessThan(950_000);
              assertThat(batch.events())
                  .allSatisfy(
                      e -> {
                        boolean second = e.get("eventId").asInt() >= 1_000;
                        assertThat(batch.authorization())
                            .isEqualTo(second ? "Bearer k1" : "Bearer k0");
                      });
            });
  }

  @Test
  void countsVerdictsByCodeAndShowsTheFirstThree() throws Exception {
    SendReport report;
    try (LaneSender sender = new LaneSender(client, 1)) {
      for (int i = 0; i < 10; i++) {
        sender.send("k", Timing.LIVE, i % 2 == 0 ? bad("" + i) : event("" + i));
      }
      report = sender.finish();
    }

    assertThat(report.accepted()).isEqualTo(5);
    assertThat(report.rejected()).containsExactly(Map.entry("invalid_event_type", 5L));
    assertThat(report.problems())
        .hasSize(3)
        .first()
        .isEqualTo("event 0: invalid_event_type: is bad");
  }

  @Test
  void accountsForEveryEventWhenSendingHasToStop() throws Exception {
    gateway.answering(
        Answer.of(204), Answer.of(401), Answer.of(401), Answer.of(401), Answer.of(401));

    SendReport report;
    try (LaneSender sender = new LaneSender(client, 2)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  sender.send("k", Timing.LIVE, event("" + i));
                }
              })
          .isInstanceOf(CollectException.class)
          .hasMessageContaining("it answers 401");
      report = sender.finish();
    }

    assertThat(report.failure()).isNotNull();
    assertThat(report.accepted()).isPositive();
    assertThat(report.unknown()).isZero();
    assertThat(report.accepted() + report.notSent()).isEqualTo(report.handed());
  }

  @Test
  void stopsWhereNoRequestCanBeMade() throws Exception {
    SendReport report;
    try (LaneSender sender = new LaneSender(client, 1)) {
      sender.send("a\nkey", Timing.LIVE, event("1"));
      report = sender.finish();
    }

    assertThat(report.failure()).hasMessageStartingWith("Cannot make a request for the gateway: ");
    assertThat(report.notSent()).isEqualTo(1);
  }
}
