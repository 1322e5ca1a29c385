package io.millrace.alerts.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.alerts.Acknowledgements;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.Outbox;
import io.millrace.alerts.Progress;
import io.millrace.alerts.TestPostgres;
import io.millrace.alerts.TestReceiver;
import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.AlertMachine;
import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.AnomalyFact;
import io.millrace.domain.alert.AnomalyState;
import io.millrace.domain.alert.MeasureFact;
import io.millrace.domain.alert.Severity;
import io.millrace.gateway.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From records in a real Kafka to a real receiver. */
class AlertServiceITCase {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final long WINDOW = Duration.ofMinutes(15).toMillis();
  private static final int ID_DIGITS = 32;
  private static final String ERRORS =
      "  errors: {threshold: {metric: errors, above: 100}, to: [ops], cool-down: 1 s}\n";

  @TempDir static Path brokerFolder;
  private static EmbeddedBroker broker;

  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final TestClock clock = TestClock.at(NOON);
  private final TestReceiver receiver = TestReceiver.start();
  @TempDir Path rulesFolder;
  private AlertsDatabase database;
  private TestTopics topics;
  private AlertService service;

  @BeforeAll
  static void startKafka() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    broker = new EmbeddedBroker(brokerFolder);
    broker.start();
  }

  @AfterAll
  static void stopKafka() {
    broker.close();
  }

  @BeforeEach
  void makePlaces() throws Exception {
    database = TestPostgres.newDatabase();
    topics = TestTopics.named(broker).create();
  }

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
    }
    topics.close();
    receiver.close();
  }

  @Test
  void tellsWhatIsWrongThatItIsOverAndThatItNeverWas() throws Exception {
    rules("acme", ERRORS + "  traffic: {anomaly: {severity: warning}, to: [ops]}\n");
    start();

    topics.tell(errors(0, 250));
    topics.tell(verdict(0, AnomalyState.ANOMALOUS));
    topics.mark(end(0));
    await().until(() -> received().size() == 2);
    topics.tell(errors(1, 3));
    topics.tell(verdict(1, AnomalyState.NORMAL));
    topics.mark(end(1));
    await().until(() -> received().size() == 4);
    topics.tell(new MeasureFact("acme", "errors", "all", "all", start(0), end(0), 5, 0, 1));
    topics.tell(verdict(0, AnomalyState.WITHDRAWN));
    topics.mark(end(2));
    await().until(() -> received().size() == 6);

    assertThat(kinds())
        .containsExactly("firing", "firing", "recovered", "recovered", "withdrawn", "withdrawn");
    assertThat(alertIds()).hasSize(2);
    assertThat(body(1)).contains("page_views of country DE is 12, expected 80 to 120: a release");
  }

  @Test
  void repetitionsAndTheOrderOfArrivalChangeNothing() throws Exception {
    rules("acme", ERRORS);
    rules("shop", ERRORS);
    List<MeasureFact> facts = new ArrayList<>();
    for (int window = 0; window < 12; window++) {
      facts.add(errors(window, window % 3 == 1 ? 250 : 3));
    }
    List<String> expected = expectedIds(facts);
    start();

    List<MeasureFact> mixed = new ArrayList<>(facts);
    mixed.addAll(facts);
    Collections.shuffle(mixed, new Random(7));
    for (MeasureFact fact : mixed) {
      topics.tell(fact);
    }
    topics.mark(end(11));
    await().until(() -> received().size() >= expected.size());
    mixed.forEach(this::tell);
    topics.tell(new MeasureFact("shop", "errors", "all", "all", start(12), end(12), 999, 0, 0));
    topics.mark(end(12));
    await().until(() -> received().size() > expected.size());

    assertThat(expected).hasSize(8);
    assertThat(received().subList(0, expected.size())).isEqualTo(expected);
    assertThat(received()).as("and the one of the other tenant").hasSize(expected.size() + 1);
  }

  @Test
  void losesNothingWhenItIsKilledAndItsReceiverIsDownMeanwhile() throws Exception {
    rules("acme", ERRORS);
    long begin = (System.currentTimeMillis() / WINDOW + 1) * WINDOW; // the process has its clock
    List<MeasureFact> facts = new ArrayList<>();
    for (int window = 0; window < 60; window++) {
      long start = begin + window * WINDOW;
      double errors = window % 2 == 0 ? 250 : 3;
      facts.add(
          new MeasureFact("acme", "errors", "all", "all", start, start + WINDOW, errors, 0, 0));
    }
    List<String> expected = expectedIds(facts);

    Process first = startProcess();
    tellAndMark(facts.subList(0, 25));
    await().until(() -> receiver.messageIds().size() >= 5);
    first.destroyForcibly().waitFor();
    receiver.close();
    Process second = startProcess();
    tellAndMark(facts.subList(25, 45));
    try (Connection connection = database.connect()) {
      Outbox outbox = new Outbox(connection, clock);
      await().until(() -> outbox.counts().waiting() > 0 && !outbox.troubled().isEmpty());
    }
    second.destroyForcibly().waitFor();
    tellAndMark(facts.subList(45, 60));
    Process third = startProcess();
    try (TestReceiver back = TestReceiver.startOn(receiver.port())) {
      try (Connection connection = database.connect()) {
        Outbox outbox = new Outbox(connection, clock);
        await().until(() -> outbox.counts().sent() == expected.size());
        assertThat(outbox.counts()).isEqualTo(new Outbox.Counts(0, expected.size(), 0));
      }
      third.destroyForcibly().waitFor();

      List<String> all = new ArrayList<>(receiver.messageIds());
      all.addAll(back.messageIds());
      assertThat(expected).hasSize(60);
      assertThat(Set.copyOf(all)).isEqualTo(Set.copyOf(expected));
    }
  }

  @Test
  void goesOnWhenPostgresIsBack() throws Exception {
    rules("acme", ERRORS);
    start();
    topics.tell(errors(0, 250));
    topics.mark(end(0));
    await().until(() -> received().size() == 1);

    TestPostgres.lockOut(database);
    topics.tell(errors(1, 3));
    topics.mark(end(1));
    assertThat(kinds()).containsExactly("firing");
    TestPostgres.letIn(database);

    await().until(() -> received().size() == 2);
    assertThat(kinds()).containsExactly("firing", "recovered");
  }

  @Test
  void freshnessSpeaksWhileKafkaIsAwayAndTheRestFollowsWhenItIsBackAndHasTopics() throws Exception {
    rules("acme", ERRORS + "  late: {freshness: {behind: 10 min}, to: [ops]}\n");
    topics.close();
    topics = TestTopics.named(broker);
    broker.stop();
    start();

    clock.advance(Duration.ofMinutes(13));
    await().until(() -> received().size() == 1);
    broker.start();
    topics.create();
    topics.tell(errors(0, 250));
    topics.mark(end(0));
    await().until(() -> received().size() >= 2);
    topics.mark(clock.millis());
    await().until(() -> progress().isAfter(NOON.plus(Duration.ofMinutes(12))));
    clock.advance(Duration.ofMinutes(1));
    await().until(() -> received().size() >= 3);

    assertThat(kinds()).containsExactly("firing", "firing", "recovered");
    assertThat(body(0)).contains("the data is complete up to 13 min ago; at most 10 min is usual");
    assertThat(alertIds()).hasSize(2);
  }

  @Test
  void whatIsBehindByLessIsNotToldOf() throws Exception {
    rules("acme", "  late: {freshness: {behind: 10 min}, to: [ops]}\n");
    start();
    topics.mark(NOON.toEpochMilli());
    await().until(() -> progress().equals(NOON));

    clock.advance(Duration.ofMinutes(9));
    await().until(() -> freshnessClock() >= NOON.plus(Duration.ofMinutes(9)).toEpochMilli());
    assertThat(received()).isEmpty();
    clock.advance(Duration.ofMinutes(2));
    await().until(() -> received().size() == 1);
    service.close();
    start();
    topics.mark(clock.millis());
    await().until(() -> progress().isAfter(NOON.plus(Duration.ofMinutes(10))));
    clock.advance(Duration.ofMinutes(3));
    await().until(() -> received().size() == 2);

    assertThat(kinds()).containsExactly("firing", "recovered");
    assertThat(alertIds()).hasSize(1);
  }

  @Test
  void whatSomebodyHasSeenGoesToNobodyFurther() throws Exception {
    rules(
        "acme",
        "  errors: {threshold: {metric: errors, above: 100}, to: [ops], cool-down: 1 s,"
            + " escalate: [{after: 30 min, to: [boss]}]}\n");
    start();
    topics.tell(errors(0, 250));
    topics.mark(end(0));
    await().until(() -> received().size() == 1);

    try (Connection connection = database.connect()) {
      Acknowledgements acknowledgements = new Acknowledgements(connection, clock);
      assertThat(acknowledgements.add("acme", "0".repeat(ID_DIGITS))).isFalse();
      assertThat(acknowledgements.add("shop", alertIds().get(0))).isFalse();
      assertThat(acknowledgements.add("acme", alertIds().get(0))).isTrue();
      assertThat(acknowledgements.add("acme", alertIds().get(0))).isTrue();
      Outbox outbox = new Outbox(connection, clock);
      await()
          .until(() -> outbox.machineState("acme").orElseThrow().contains("\"acknowledged\":true"));
    }
    for (int window = 1; window < 5; window++) {
      topics.tell(errors(window, 250));
    }
    topics.tell(errors(5, 3));
    for (int window = 6; window < 10; window++) {
      topics.tell(errors(window, 250));
    }
    topics.mark(end(9));
    await().until(() -> received().size() == 4);

    // To two channels, so in any order.
    assertThat(kinds()).containsExactlyInAnyOrder("firing", "recovered", "firing", "escalated-1");
    assertThat(received())
        .filteredOn(id -> id.startsWith(alertIds().get(0)))
        .containsExactly(alertIds().get(0) + "-firing", alertIds().get(0) + "-recovered");
  }

  @Test
  void countsWhatIsOfNoUseAndGoesOn() throws Exception {
    rules("acme", ERRORS);
    start();

    topics.send(topics.names().windows(), "acme", "no JSON");
    topics.send(topics.names().anomalies(), "acme", "{\"tenant\":\"acme\"}");
    topics.send(topics.names().anomalies(), null, "{}");
    topics.mark(Long.MAX_VALUE); // of a job that has ended by itself
    topics.tell(new MeasureFact("shop", "errors", "all", "all", start(0), end(0), 999, 0, 0));
    topics.tell(errors(0, 250));
    topics.mark(end(0));
    await().until(() -> received().size() == 1);

    assertThat(count("unusable")).isEqualTo(3 + 2 * TestTopics.PARTITIONS);
    assertThat(count("ignored")).isEqualTo(1);
    assertThat(count("facts")).isEqualTo(1);
    assertThat(count("marks")).isEqualTo(2 * TestTopics.PARTITIONS);
    assertThat(count("received"))
        .isEqualTo(count("facts") + count("marks") + count("ignored") + count("unusable"));
  }

  @Test
  void changedRulesCountAndThoseThatCannotBeUsedDoNot() throws Exception {
    rules("acme", ERRORS.replace("100", "1000"));
    start();
    topics.tell(errors(0, 250));
    topics.mark(end(0));
    await().until(() -> progress().toEpochMilli() == end(0));

    Files.writeString(rulesFolder.resolve("acme.yaml"), "rules: 3\n");
    await().until(() -> metrics.get("alert_rule_files_unusable").gauge().value() == 1);
    topics.tell(errors(1, 1001));
    topics.mark(end(1));
    await().until(() -> received().size() == 1);
    topics.tell(errors(2, 250));
    topics.mark(end(2));
    await().until(() -> received().size() == 2);
    rules("acme", ERRORS);
    await().until(() -> metrics.get("alert_rule_files_unusable").gauge().value() == 0);
    topics.tell(errors(3, 250));
    topics.mark(end(3));
    await().until(() -> received().size() == 3);
    Files.delete(rulesFolder.resolve("acme.yaml"));
    try (Connection connection = database.connect()) {
      Outbox outbox = new Outbox(connection, clock);
      await().until(() -> outbox.machines().isEmpty());
    }

    assertThat(kinds()).containsExactly("firing", "recovered", "firing");
    assertThat(body(0)).contains("errors is 1001");
  }

  private void start() {
    service =
        AlertService.start(
            new AlertServiceOptions(
                broker.bootstrapServers(),
                topics.names(),
                rulesFolder,
                Optional.empty(),
                ServiceProcess.QUICK),
            database,
            clock,
            metrics);
  }

  private Process startProcess() throws IOException {
    return ServiceProcess.start(broker.bootstrapServers(), topics.names(), database, rulesFolder);
  }

  private void tellAndMark(List<MeasureFact> facts) throws Exception {
    for (MeasureFact fact : facts) {
      topics.tell(fact);
      topics.mark(fact.windowEndMillis());
    }
  }

  private void tell(MeasureFact fact) {
    try {
      topics.tell(fact);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void rules(String tenant, String rules) throws IOException {
    Files.writeString(rulesFolder.resolve(tenant + ".yaml"), file(rules));
  }

  private String file(String rules) {
    String webhook =
        "{kind: webhook, secret: 0123456789abcdef, url: '"
            + receiver.url()
            + "', allow: [http, private-addresses]}\n";
    return "channels:\n  ops: " + webhook + "  boss: " + webhook + "rules:\n" + rules;
  }

  /** What a machine says that gets the facts one by one. */
  private List<String> expectedIds(List<MeasureFact> facts) {
    AlertMachine machine =
        new AlertMachine("acme", AlertRules.parse("acme.yaml", file(ERRORS)), NOON.toEpochMilli());
    List<String> ids = new ArrayList<>();
    for (MeasureFact fact : facts) {
      machine.offer(fact);
      machine.advance(fact.windowEndMillis()).stream().map(Alert::messageId).forEach(ids::add);
    }
    return ids;
  }

  private static long start(int window) {
    return NOON.toEpochMilli() + WINDOW + window * WINDOW;
  }

  private static long end(int window) {
    return start(window + 1);
  }

  private static MeasureFact errors(int window, double actual) {
    return new MeasureFact(
        "acme", "errors", "all", "all", start(window), end(window), actual, 0, 0);
  }

  private static AnomalyFact verdict(int window, AnomalyState state) {
    boolean anomalous = state == AnomalyState.ANOMALOUS;
    return new AnomalyFact(
        "acme",
        "page_views|country|DE|15m",
        "page_views",
        "country",
        "DE",
        start(window),
        end(window),
        anomalous ? 12 : 100,
        100,
        80,
        120,
        anomalous ? 0.93 : 0,
        anomalous ? Severity.WARNING : null,
        state,
        anomalous ? "a release" : "",
        state == AnomalyState.WITHDRAWN ? 1 : 0);
  }

  private List<String> received() {
    return receiver.messageIds();
  }

  private List<String> kinds() {
    return received().stream().map(id -> id.substring(ID_DIGITS + 1)).toList();
  }

  private List<String> alertIds() {
    return received().stream().map(id -> id.substring(0, ID_DIGITS)).distinct().toList();
  }

  private String body(int call) throws IOException {
    return new ObjectMapper().readTree(receiver.calls().get(call).body()).toString();
  }

  private double count(String kind) {
    return metrics.counter("alert_records_" + kind + "_total").count();
  }

  private Instant progress() throws Exception {
    try (Connection connection = database.connect()) {
      return new Progress(connection).completeUpTo();
    }
  }

  private long freshnessClock() throws Exception {
    try (Connection connection = database.connect()) {
      return new ObjectMapper()
          .readTree(new Outbox(connection, clock).machineState("acme/freshness").orElse("{}"))
          .path("clockMillis")
          .asLong();
    }
  }
}
