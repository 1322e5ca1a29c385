package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sql.FakeGateway;
import io.millrace.standalone.command.SqlCommand.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SqlCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private FakeGateway gateway;

  @BeforeEach
  void startGateway() throws IOException {
    gateway = new FakeGateway();
  }

  @AfterEach
  void stopGateway() {
    gateway.close();
  }

  @Test
  void printsTheRowsOfAStatementAsATable() {
    gateway.page(FakeGateway.row("/home", 12)).lastPage();

    int code = run("-e", "SELECT name, amount FROM t");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(printed())
        .isEqualTo(
            " name  | amount\n-------+-------\n /home |     12\n(1 row)\n"
                .replace("-------+-------", "-------+--------"));
  }

  @Test
  void saysHowFreshTheRowsAreBesideThem() {
    gateway.page(FakeGateway.row("/home", 12)).lastPage();
    Instant complete = Instant.parse("2026-11-22T11:44:00Z");

    run(
        () ->
            new SqlTarget(gateway.uri(), "CREATE CATALOG x", Map.of(), () -> Optional.of(complete)),
        "-e",
        "SELECT 1",
        "--format",
        "json");

    assertThat(err.toString())
        .isEqualTo("Complete up to 2026-11-22T11:44:00Z" + System.lineSeparator());
    assertThat(printed()).isEqualTo("{\"name\":\"/home\",\"amount\":12}\n");
  }

  @Test
  void printsCsvForASpreadsheet() {
    gateway.page(FakeGateway.row("=1+1", 1)).lastPage();

    run("-e", "SELECT 1", "--format", "csv", "--spreadsheet");

    assertThat(printed()).isEqualTo("name,amount\r\n'=1+1,1\r\n");
  }

  @Test
  void printsJsonForAProgram() {
    gateway.page(FakeGateway.row("/home", 1)).lastPage();

    run("-e", "SELECT 1", "--format", "json");

    assertThat(printed()).isEqualTo("{\"name\":\"/home\",\"amount\":1}\n");
  }

  @Test
  void runsAFileWithParameters(@TempDir Path folder) throws IOException {
    gateway.lastPage();
    Path file = folder.resolve("q.sql");
    Files.writeString(file, "SELECT :page, :n, :tenant");

    int code = run("-f", file.toString(), "-p", "page=/it's", "-p", "n=5");

    assertThat(code).isZero();
    assertThat(gateway.requests())
        .anyMatch(request -> request.contains("SELECT '/it''s', 5, 'default'"));
  }

  @Test
  void runsAShippedQuestionForTheUsualTenant() {
    gateway.lastPage();

    int code = run("--query", "top_pages", "-p", "rows=3");

    assertThat(code).isZero();
    assertThat(gateway.requests())
        .anyMatch(request -> request.contains("tenant = 'default'") && request.contains("LIMIT 3"));
  }

  @Test
  void listsTheShippedQuestionsWithoutAPlatform() {
    int code =
        run(
            () -> {
              throw new IOException("not running");
            },
            "--list");

    assertThat(code).isZero();
    assertThat(printed())
        .containsPattern("daily_traffic +\\| How much traffic was there each day")
        .containsPattern("funnel .*step1 step2 step3");
  }

  @Test
  void refusesToWriteUnlessToldTo() {
    gateway.lastPage();

    assertThat(run("-e", "SELECT 1; DELETE FROM events")).isEqualTo(6);
    assertThat(err.toString())
        .isEqualTo(
            "Refused DELETE: it may change data or settings; give --write to allow it"
                + System.lineSeparator());
    assertThat(gateway.requests()).isEmpty();
    assertThat(run("-e", "DELETE FROM events", "--write")).isZero();
  }

  @Test
  void saysInOneSentenceWhyAStatementFailed() {
    gateway.fails(
        "org.apache.flink.table.api.ValidationException: Object 'evnts' not found\\n\\tat x");

    int code = run("-e", "SELECT * FROM evnts");

    assertThat(code).isEqualTo(6);
    assertThat(err.toString()).isEqualTo("Object 'evnts' not found" + System.lineSeparator());
  }

  @Test
  void saysThatNothingRuns() {
    URI gone = gateway.uri();
    gateway.close();

    int code = run(() -> target(gone), "-e", "SELECT 1");

    assertThat(code).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "Cannot ask the SQL gateway at %s: it does not answer; start the platform with \"millrace up\"%n"
                .formatted(gone));
  }

  @Test
  void refusesAFileThatIsNotThereAndAnUnknownQuestion() {
    assertThat(run("-f", "no-such.sql")).isEqualTo(6);
    assertThat(run("--query", "nope")).isEqualTo(6);

    assertThat(err.toString())
        .contains("Cannot read no-such.sql: there is no such file")
        .contains("Unknown query nope: there are daily_traffic,");
  }

  @Test
  void asksForExactlyOneSource() {
    assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("-e", "SELECT 1", "--list")).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  @Test
  void refusesAnUnknownFormat() {
    assertThat(run("-e", "SELECT 1", "--format", "xml")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("\"xml\" is no format; give table, csv or json");
  }

  private int run(String... words) {
    return run(() -> target(gateway.uri()), words);
  }

  private int run(SqlTarget.Source target, String... words) {
    return CommandLinesTest.with("sql", new SqlCommand(target, out, Screen.NONE, Clock.systemUTC()))
        .setErr(new PrintWriter(err, true))
        .execute(CommandLinesTest.after("sql", words));
  }

  private static SqlTarget target(URI gateway) {
    return new SqlTarget(
        gateway, "CREATE CATALOG millrace", Map.of("tenant", "default"), Optional::empty);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
