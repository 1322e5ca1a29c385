package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScriptTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);

  static Stream<Arguments> scripts() {
    return Stream.of(
        arguments("", List.of()),
        arguments(" ;; -- nothing; here\n/* nor; here */ ;", List.of()),
        arguments("SELECT 1", List.of("SELECT 1")),
        arguments("SELECT 1; SELECT 2;\n", List.of("SELECT 1", "SELECT 2")),
        arguments(
            "SELECT ';', 'it''s; so'; SELECT 2", List.of("SELECT ';', 'it''s; so'", "SELECT 2")),
        arguments("SELECT `a;``b` FROM t; SELECT 2", List.of("SELECT `a;``b` FROM t", "SELECT 2")),
        arguments(
            "SELECT 1 -- one; 'two\n; SELECT 2", List.of("SELECT 1 -- one; 'two", "SELECT 2")),
        arguments("SELECT 1 /* ' ; */; SELECT 2", List.of("SELECT 1 /* ' ; */", "SELECT 2")),
        arguments("SELECT 4 - 2 / 1; SELECT 2", List.of("SELECT 4 - 2 / 1", "SELECT 2")),
        arguments(
            "SELECT '-- no comment'; SELECT '/*'",
            List.of("SELECT '-- no comment'", "SELECT '/*'")),
        arguments(
            "SELECT * FROM t /*+ OPTIONS('a;b'='c') */",
            List.of("SELECT * FROM t /*+ OPTIONS('a;b'='c') */")),
        arguments(
            "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END; SELECT 3",
            List.of(
                "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END",
                "SELECT 3")));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void splitsAtSemicolonsThatAreCode(String text, List<String> statements) {
    assertThat(SqlScript.parse(text).statements()).isEqualTo(statements);
  }

  static Stream<Arguments> unclosed() {
    return Stream.of(
        arguments(
            "SELECT 1;\nSELECT 'open", "quote ' opened in line 2 is never closed; close it with '"),
        arguments("SELECT `open", "quote ` opened in line 1 is never closed; close it with `"),
        arguments(
            "SELECT /* open", "comment /* opened in line 1 is never closed; close it with */"));
  }

  @ParameterizedTest
  @MethodSource("unclosed")
  void refusesWhatIsNeverClosed(String text, String message) {
    assertThatThrownBy(() -> SqlScript.parse(text))
        .isInstanceOf(SqlException.class)
        .hasMessage("Cannot read the SQL: The " + message);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("shop", "'shop'"),
        arguments("it's", "'it''s'"),
        arguments("x'; DROP TABLE events; --", "'x''; DROP TABLE events; --'"),
        arguments("", "''"),
        arguments("10", "10"),
        arguments("-0.5", "(-0.5)"),
        arguments("0012", "'0012'"),
        arguments("1e5", "'1e5'"),
        arguments("2026-01-31", "TO_TIMESTAMP_LTZ(1769817600000, 3)"),
        arguments("2026-01-31T01:00:00+01:00", "TO_TIMESTAMP_LTZ(1769817600000, 3)"),
        arguments("now", "TO_TIMESTAMP_LTZ(1772323200000, 3)"),
        arguments("now-1d", "TO_TIMESTAMP_LTZ(1772236800000, 3)"),
        arguments("now-90m", "TO_TIMESTAMP_LTZ(1772317800000, 3)"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesAValueAsTheLiteralItLooksLike(String value, String literal) {
    assertThat(bind("SELECT :v", Map.of("v", value))).containsExactly("SELECT " + literal);
  }

  @Test
  void aHeaderGivesTypeAndDefault() {
    String text = "-- parameter id: string\n-- parameter n: number = 20\nSELECT :id, :n";

    assertThat(bind(text, Map.of("id", "7")).get(0)).endsWith("SELECT '7', 20");
  }

  @Test
  void theUsualValueHoldsWhereNobodySaysAnything() {
    SqlScript script = SqlScript.parse("-- parameter tenant: string\nSELECT :tenant");

    assertThat(script.bind(Map.of(), Map.of("tenant", "default", "other", "x"), CLOCK).get(0))
        .endsWith("SELECT 'default'");
  }

  @Test
  void leavesColonsInTextAndCommentsAlone() {
    String text = "SELECT ':v', `:v` /* :v */, 1 -- :v";

    assertThat(bind(text, Map.of())).containsExactly(text);
  }

  @Test
  void refusesAMissingValueAndAnUnknownName() {
    assertThatThrownBy(() -> bind("SELECT :tenant", Map.of()))
        .hasMessage("Parameter tenant has no value; give it with -p tenant=…");
    assertThatThrownBy(() -> bind("SELECT :b, :a", Map.of("a", "1", "b", "2", "c", "3")))
        .hasMessage("Unknown parameter c: the SQL takes a, b");
    assertThatThrownBy(() -> bind("SELECT 1", Map.of("c", "3")))
        .hasMessage("Unknown parameter c: the SQL takes none");
  }

  @Test
  void refusesAValueThatIsNotOfTheDeclaredType() {
    assertThatThrownBy(() -> bind("-- parameter n: number\nSELECT :n", Map.of("n", "1 OR 1=1")))
        .hasMessage("Cannot use \"1 OR 1=1\" for parameter n: give a number such as 10 or -0.5");
    assertThatThrownBy(() -> bind("-- parameter t: timestamp\nSELECT :t", Map.of("t", "monday")))
        .hasMessage(
            "Cannot use \"monday\" for parameter t: give a time such as 2026-01-31,"
                + " 2026-01-31T12:00:00Z, now or now-7d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "-- why\n with a AS (SELECT 1) SELECT * FROM a",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "EXPLAIN SELECT 1",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "set 'a' = 'b'"
      })
  void takesWhatOnlyReads(String statement) {
    assertThatCode(() -> WriteGuard.requireReading(statement)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "DROP TABLE events, DROP",
    "/* SELECT */ delete FROM events, DELETE",
    "INSERT INTO events SELECT 1, INSERT",
    "UPDATE events SET a = 1, UPDATE",
    "ALTER TABLE events ADD a INT, ALTER",
    "TRUNCATE TABLE events, TRUNCATE",
    "EXECUTE STATEMENT SET BEGIN END, EXECUTE",
    "CREATE TABLE t (a INT), CREATE",
    "ADD JAR 'x.jar', ADD",
    "CALL system.x(), CALL"
  })
  void refusesWhatMayChangeSomething(String statement, String keyword) {
    assertThatThrownBy(() -> WriteGuard.requireReading(statement))
        .hasMessage(
            "Refused " + keyword + ": it may change data or settings; give --write to allow it");
  }

  private static List<String> bind(String text, Map<String, String> given) {
    return SqlScript.parse(text).bind(given, Map.of(), CLOCK);
  }
}
