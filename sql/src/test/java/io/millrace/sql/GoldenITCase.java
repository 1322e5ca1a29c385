package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every shipped query gives the rows that were worked out by hand.
 *
 * <p>{@code sql/<query>/expected….csv} opens with the parameters ({@code # tenant = shop}); all
 * {@code given_….csv} are in the lake before the first query.
 */
class GoldenITCase {
  private static TestPlatform platform;
  private static SqlClient sql;
  private static Path cases;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    cases = cases();
    platform = TestPlatform.start(folder);
    sql =
        SqlClient.open(
            platform.gatewayUri(), platform.catalogStatement(), Map.of("parallelism.default", "1"));
    GivenRows.insert(sql, cases);
  }

  @AfterAll
  static void stop() throws Exception {
    sql.close();
    platform.close();
  }

  @TestFactory
  Stream<DynamicTest> answersAsWorkedOutByHand() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path expected : expectedFiles()) {
      String query = expected.getParent().getFileName().toString();
      String name = query + " " + expected.getFileName().toString().replace(".csv", "");
      tests.add(DynamicTest.dynamicTest(name, () -> answers(query, expected)));
    }
    return tests.stream();
  }

  @Test
  void everyShippedQueryHasExpectedRows() throws IOException {
    List<String> tested =
        expectedFiles().stream().map(file -> file.getParent().getFileName().toString()).toList();

    List<String> shipped =
        Stream.concat(ShippedQuery.questions().stream(), ShippedQuery.audits().stream())
            .map(ShippedQuery::name)
            .toList();

    assertThat(tested).containsAll(shipped);
  }

  @Test
  void aSessionHasTheDomainsRulesAsFunctions() throws Exception {
    assertThat(
            rows(
                "SELECT user_agent(user_agent).bot_reason,"
                    + " session_id(tenant, visitor_id, occurred_at)"
                    + " FROM lake.events WHERE event_id = 'e01'"))
        .endsWith("user_agent:empty,56761774d3a6e46aa8b35c27330b7689");
    assertThat(rows("SHOW FUNCTIONS")).contains("session_id", "merge_sketches", "sessionize");
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithAStatement() {
    assertThatThrownBy(() -> sql.execute("SELECT * FROM evnts"))
        .hasMessage("From line 1, column 15 to line 1, column 19: Object 'evnts' not found");
    assertThatThrownBy(() -> sql.execute("SELECT FROM"))
        .hasMessage("Incorrect syntax near the keyword 'FROM' at line 1, column 8.");
    assertThatThrownBy(() -> sql.execute("SELECT CAST('x' AS INT)"))
        .hasMessage("NumberFormatException: For input string: 'x'. Invalid character found.");
    assertThatThrownBy(() -> sql.execute("INSERT INTO nosuch VALUES (1)"))
        .hasMessageStartingWith("Cannot find table '`millrace`.`lake`.`nosuch`'");
  }

  @Test
  void closingTheSessionEndsItsFlinkJob() throws Exception {
    SqlClient client = SqlClient.open(platform.gatewayUri(), platform.catalogStatement());
    String endless =
        "SELECT COUNT(*) FROM events a, events b, events c, events d, events e, events f";

    assertThatThrownBy(
            () ->
                client.execute(
                    endless,
                    (elapsed, rows) -> {
                      if (platform.runningJobs() > 0) {
                        client.close();
                      }
                    }))
        .isInstanceOf(InterruptedException.class);

    await().untilAsserted(() -> assertThat(platform.runningJobs()).isZero());
  }

  private static List<String> rows(String statement) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ResultPrinter printer = ResultPrinter.csv(out, ResultPrinter.Formulas.KEPT);
    sql.query(statement, printer, Progress.NONE);
    printer.finish();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void answers(String query, Path expected) throws Exception {
    Map<String, String> given = new HashMap<>();
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(expected)) {
      if (line.startsWith("# ")) {
        String[] parameter = line.substring(2).split(" = ", 2);
        given.put(parameter[0], parameter[1]);
      } else {
        rows.add(line);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    SqlRunner.check(
            ShippedQuery.named(query).script(),
            SqlRunner.Access.READ,
            given,
            Map.of(),
            Clock.systemUTC())
        .run(sql, () -> ResultPrinter.csv(out, ResultPrinter.Formulas.KEPT), Progress.NONE);

    assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactlyElementsOf(rows);
  }

  private static List<Path> expectedFiles() throws IOException {
    try (Stream<Path> files = Files.walk(cases)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("expected"))
          .sorted()
          .toList();
    }
  }

  private static Path cases() throws URISyntaxException {
    return Path.of(GoldenITCase.class.getResource("/sql/shared").toURI()).getParent();
  }
}
