package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.alerts.Acknowledgements;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.Outbox;
import io.millrace.domain.alert.Alert;
import io.millrace.gateway.access.AccessDatabase;
import io.millrace.gateway.access.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What was sent and seen, in a real Postgres. */
class AlertMessagesITCase {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final Alert FIRST = Alert.trial("acme", "ops", NOON.toEpochMilli());
  private static final Alert SECOND = Alert.trial("acme", "boss", NOON.toEpochMilli());

  private AlertsDatabase database;
  private String out;
  private String err;

  @BeforeEach
  void saveAlerts() throws Exception {
    AccessDatabase place = TestPostgres.newDatabase();
    database = new AlertsDatabase(place.jdbcUrl(), place.user(), place.password());
    database.migrate();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      new Outbox(connection, CLOCK).save("acme", "{}", List.of(FIRST, SECOND));
      statement.execute(
          "UPDATE messages SET outcome = 'dead', attempts = 9, reason = 'example.org answered 500'"
              + " WHERE channel = 'boss'");
    }
  }

  @Test
  void listsWhatWaitsAndWhyTheRestIsDead() throws Exception {
    assertThat(run("list", "--tenant", "acme")).as(() -> err).isZero();
    assertThat(out.lines())
        .map(line -> line.replaceAll(" +", " "))
        .containsExactly(
            "alert message to created outcome seen about",
            FIRST.id() + " firing ops 2026-03-02T12:00:00Z waiting no [test] channel ops works",
            SECOND.id()
                + " firing boss 2026-03-02T12:00:00Z dead no [test] channel boss works"
                + " (example.org answered 500)");

    assertThat(run("list", "--tenant", "acme", "--limit", "1", "--output", "json")).isZero();
    JsonNode listed = new ObjectMapper().readTree(out);
    assertThat(listed).hasSize(1);
    assertThat(listed.at("/0/alertId").asText()).isEqualTo(FIRST.id());
    assertThat(listed.at("/0/outcome").asText()).isEqualTo("waiting");
    assertThat(listed.at("/0/reason").isNull()).isTrue();

    assertThat(run("list", "--tenant", "shop")).isZero();
    assertThat(out).isEqualToNormalizingNewlines("There are no messages of tenant shop.\n");
  }

  @Test
  void keepsThatSomebodyHasSeenAnAlert() throws Exception {
    assertThat(run("acknowledge", FIRST.id(), "--tenant", "acme")).as(() -> err).isZero();
    assertThat(out).isEqualToNormalizingNewlines("Acknowledged alert " + FIRST.id() + ".\n");
    assertThat(run("acknowledge", FIRST.id(), "--tenant", "acme", "--output", "json")).isZero();
    assertThat(new ObjectMapper().readTree(out).get("acknowledged").asBoolean()).isTrue();

    assertThat(run("list", "--tenant", "acme")).isZero();
    assertThat(out.lines().filter(line -> line.contains("  yes  "))).hasSize(1);
    try (Connection connection = database.connect()) {
      assertThat(new Acknowledgements(connection, CLOCK).all())
          .containsExactly(new Acknowledgements.Seen("acme", FIRST.id()));
    }
  }

  @Test
  void refusesWithCode6AnAlertThatTheTenantDoesNotHave() {
    assertThat(run("acknowledge", FIRST.id(), "--tenant", "shop")).isEqualTo(6);

    assertThat(err)
        .isEqualToNormalizingNewlines(
            "millrace: Cannot acknowledge the alert: tenant shop has no alert \""
                + FIRST.id()
                + "\"; give one that \"millrace alerts list --tenant shop\" names\n");
  }

  @Test
  void saysWithCode5ThatPostgresFails() {
    database = new AlertsDatabase("jdbc:postgresql://127.0.0.1:1/none", "postgres", "");

    assertThat(run("list", "--tenant", "acme")).isEqualTo(5);
    assertThat(err)
        .startsWith(
            "millrace: Cannot list the alerts: Postgres at jdbc:postgresql://127.0.0.1:1/none"
                + " fails: Connection to 127.0.0.1:1 refused");
  }

  private int run(String... words) {
    StringWriter said = new StringWriter();
    StringWriter failed = new StringWriter();
    CommandLine line = CommandLines.create(new RootCommand(), null, () -> database);
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(failed));
    int code = line.execute(CommandLinesTest.after("alerts", words));
    out = said.toString();
    err = failed.toString();
    return code;
  }
}
