package io.millrace.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.alerts.send.Senders;
import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.AlertRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryITCase {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final DeliveryOptions QUICK =
      new DeliveryOptions(
          3,
          Duration.ofMillis(50),
          Duration.ofSeconds(30),
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Duration.ofHours(1));

  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final Senders senders = new Senders(null, CLOCK);
  private AlertsDatabase database;
  private Connection connection;
  private Outbox outbox;

  @BeforeAll
  static void takeTime() {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }

  @BeforeEach
  void openOutbox() throws Exception {
    database = TestPostgres.newDatabase();
    connection = database.connect();
    outbox = new Outbox(connection, CLOCK);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    senders.close();
  }

  @Test
  void keepsAlertsAndTheMachinesStateTogetherAndEachMessageOnce() throws Exception {
    Alert alert = TestAlerts.firing();

    int first = outbox.save("acme", "{\"a\":1}", List.of(alert));
    int again = outbox.save("acme", "{\"a\":2}", List.of(alert));

    assertThat(first).isEqualTo(1);
    assertThat(again).isZero();
    assertThat(outbox.machineState("acme")).contains("{\"a\":2}");
    assertThat(outbox.machineState("shop")).isEmpty();
    assertThat(outbox.counts()).isEqualTo(new Outbox.Counts(1, 0, 0));
    assertThat(outbox.take(Duration.ofMinutes(1)).orElseThrow().alert()).isEqualTo(alert);
  }

  @Test
  void givesOneMessageOfAChannelAtATimeAndThoseOfAnAlertInOrder() throws Exception {
    Duration lease = Duration.ofHours(1);
    List<Alert> both = TestAlerts.both("/checkout");
    Alert elsewhere = to(TestAlerts.firing("/cart"), "second");
    outbox.save("acme", "{}", List.of(both.get(0), both.get(1), elsewhere));

    Parcel first = outbox.take(lease).orElseThrow();
    Parcel other = outbox.take(lease).orElseThrow();
    boolean third = outbox.take(lease).isPresent();
    outbox.failed(first, "it is down", Duration.ofHours(1));
    boolean overtaken = outbox.take(lease).isPresent();
    outbox.sent(first);
    Parcel next = outbox.take(lease).orElseThrow();

    assertThat(first.alert()).isEqualTo(both.get(0));
    assertThat(other.alert()).isEqualTo(elsewhere);
    assertThat(third).isFalse();
    assertThat(overtaken).isFalse();
    assertThat(next.alert()).isEqualTo(both.get(1));
  }

  @Test
  void keepsNothingWhereItCannotKeepAll() throws Exception {
    Alert alert = TestAlerts.firing();
    connection.createStatement().execute("ALTER TABLE machines ADD CHECK (state <> 'bad')");

    assertThatThrownBy(() -> outbox.save("acme", "bad", List.of(alert)))
        .isInstanceOf(SQLException.class);

    assertThat(outbox.counts()).isEqualTo(new Outbox.Counts(0, 0, 0));
  }

  @Test
  void losesNothingWhileAReceiverIsDownAndSendsInOrder() throws Exception {
    TestReceiver gone = TestReceiver.start();
    gone.close();
    outbox.save("acme", "{}", TestAlerts.both("/checkout"));
    outbox.save("acme", "{}", TestAlerts.both("/cart"));

    try (Delivery delivery = start(TestAlerts.rules(webhook(gone.url())), QUICK)) {
      await().until(() -> failures() >= 3);
      assertThat(outbox.troubled()).isNotEmpty();
      assertThat(outbox.troubled().get(0).reason()).contains("Connection refused");
      try (TestReceiver back = TestReceiver.startOn(gone.port())) {
        await().until(() -> outbox.counts().sent() == 4);

        List<String> ids = back.messageIds();
        for (String page : List.of("/checkout", "/cart")) {
          List<Alert> both = TestAlerts.both(page);
          assertThat(ids)
              .containsSubsequence(both.get(0).messageId(), both.get(1).messageId())
              .hasSize(4);
        }
      }
    }
    assertThat(outbox.counts()).isEqualTo(new Outbox.Counts(0, 4, 0));
    assertThat(metrics.counter("alert_messages_sent_total").count()).isEqualTo(4);
  }

  @Test
  void triesAgainUnderTheSameIdUntilItIsTaken() throws Exception {
    try (TestReceiver receiver = TestReceiver.start()) {
      receiver.answer(503, Map.of(), "later".getBytes(UTF_8));
      outbox.save("acme", "{}", List.of(TestAlerts.firing()));

      try (Delivery delivery = start(TestAlerts.rules(webhook(receiver.url())), QUICK)) {
        await().until(() -> receiver.calls().size() >= 3);
        receiver.answer(204, Map.of(), new byte[0]);
        await().until(() -> outbox.counts().sent() == 1);
      }

      assertThat(receiver.messageIds()).containsOnly(TestAlerts.firing().messageId());
    }
  }

  @Test
  void givesUpAfterABoundedTimeAndSaysWhy() throws Exception {
    DeliveryOptions impatient =
        new DeliveryOptions(
            1,
            Duration.ofMillis(50),
            Duration.ofSeconds(30),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(200));
    try (TestReceiver receiver = TestReceiver.start()) {
      receiver.answer(500, Map.of(), "broken".getBytes(UTF_8));
      outbox.save("acme", "{}", List.of(TestAlerts.firing()));

      try (Delivery delivery = start(TestAlerts.rules(webhook(receiver.url())), impatient)) {
        await().until(() -> outbox.counts().dead() == 1);
      }
    }

    Outbox.Pending dead = outbox.troubled().get(0);
    assertThat(dead.reason()).isEqualTo("127.0.0.1 answered 500: broken");
    assertThat(dead.dead()).isTrue();
    assertThat(metrics.counter("alert_messages_dead_total").count()).isEqualTo(1);
    assertThat(failures()).isEqualTo(dead.attempts());
  }

  @Test
  void waitsForAChannelThatIsMissingInTheFile() throws Exception {
    outbox.save("acme", "{}", List.of(TestAlerts.firing()));

    try (Delivery delivery = start(AlertRules.NONE, QUICK)) {
      await().until(() -> failures() >= 1);
    }

    assertThat(outbox.troubled().get(0).reason())
        .isEqualTo(
            "the file of tenant acme has no channel ops; give it again, or let the message go");
  }

  @Test
  void sendsToOthersWhileOneReceiverIsSilent() throws Exception {
    try (TestReceiver silent = TestReceiver.start();
        TestReceiver other = TestReceiver.start()) {
      silent.fallSilent();
      AlertRules rules =
          AlertRules.parse(
              "acme.yaml",
              "channels:\n  ops: "
                  + webhook(silent.url())
                  + "\n  second: "
                  + webhook(other.url())
                  + '\n');
      Alert alert = TestAlerts.firing();
      outbox.save("acme", "{}", TestAlerts.both("/checkout"));
      outbox.save("acme", "{}", TestAlerts.both("/cart"));
      outbox.save("acme", "{}", List.of(to(alert, "second")));

      try (Delivery delivery = start(rules, QUICK)) {
        await().until(() -> !other.calls().isEmpty() && !silent.calls().isEmpty());

        assertThat(other.messageIds()).containsExactly(alert.messageId());
        silent.close(); // else the delivery's end waits for its answer
      }
    }
  }

  @Test
  void sendsAgainUnderTheSameIdWhatAKilledProcessWasSending() throws Exception {
    try (TestReceiver receiver = TestReceiver.start()) {
      receiver.fallSilent();
      outbox.save("acme", "{}", List.of(TestAlerts.firing()));
      Process sender = DeliveryProcess.start(database.jdbcUrl(), webhook(receiver.url()));
      await().until(() -> !receiver.calls().isEmpty());

      sender.destroyForcibly().waitFor();

      assertThat(outbox.counts()).isEqualTo(new Outbox.Counts(1, 0, 0));
      try (TestReceiver well = TestReceiver.start();
          Delivery delivery = start(TestAlerts.rules(webhook(well.url())), QUICK)) {
        await().until(() -> outbox.counts().sent() == 1);

        assertThat(well.messageIds()).containsExactly(TestAlerts.firing().messageId());
        assertThat(receiver.messageIds()).containsOnly(TestAlerts.firing().messageId());
      }
    }
  }

  @Test
  void forgetsWhatEndedLongAgo() throws Exception {
    outbox.save("acme", "{}", List.of(TestAlerts.firing(), TestAlerts.recovered()));
    outbox.sent(outbox.take(Duration.ofMinutes(1)).orElseThrow());

    int kept = outbox.forget(Duration.ofDays(1));
    int forgotten = outbox.forget(Duration.ofMillis(-1));

    assertThat(kept).isZero();
    assertThat(forgotten).isEqualTo(1);
    assertThat(outbox.counts()).isEqualTo(new Outbox.Counts(1, 0, 0));
  }

  private Delivery start(AlertRules rules, DeliveryOptions options) {
    return Delivery.start(database, tenant -> rules, senders, options, CLOCK, metrics);
  }

  private double failures() {
    return metrics.counter("alert_attempts_failed_total").count();
  }

  private static String webhook(String url) {
    return "{kind: webhook, secret: 0123456789abcdef, url: '"
        + url
        + "', allow: [http, private-addresses]}";
  }

  private static Alert to(Alert alert, String channel) {
    return new Alert(
        alert.id(),
        alert.messageId(),
        alert.tenant(),
        alert.rule(),
        alert.group(),
        alert.kind(),
        alert.step(),
        alert.severity(),
        alert.atMillis(),
        alert.windowStartMillis(),
        alert.windowEndMillis(),
        alert.title(),
        alert.text(),
        List.of(channel),
        alert.series());
  }
}
