package io.millrace.udfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import io.millrace.domain.session.SessionRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The aggregates in SQL, on a cluster, where the rows of a group come from several tasks. */
class AggregatesITCase {
  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  /** More than a sketch counts exactly, and no multiple of what a function lets wait. */
  private static final int MANY = 3_333;

  private static final Instant TEN = Instant.parse("2026-10-24T10:00:00Z");

  private final TableEnvironment sql = environment(EnvironmentSettings.inBatchMode());

  @ParameterizedTest
  @ValueSource(strings = {"ONE_PHASE", "TWO_PHASE"})
  void aSketchInSqlIsTheOneOfTheDomain(String phases) throws Exception {
    sql.getConfig().set("table.optimizer.agg-phase-strategy", phases);
    long[] hashes =
        IntStream.range(0, MANY).mapToLong(i -> MetricRules.visitorHash("v" + i)).toArray();
    long expected = VisitorSketch.estimate(VisitorSketch.add(null, hashes, MANY));
    visits(sql);

    List<Row> found =
        FunctionsITCase.rows(
            sql,
            "SELECT place, sketch_estimate(visitors_sketch(visitor)) FROM visits GROUP BY place");

    assertThat(found)
        .containsExactlyInAnyOrder(Row.of("many", expected), Row.of("one", 1L), Row.of("none", 0L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ONE_PHASE", "TWO_PHASE"})
  void mergingCountsAVisitorOfTwoWindowsOnce(String phases) throws Exception {
    sql.getConfig().set("table.optimizer.agg-phase-strategy", phases);
    sql.createTemporaryView(
        "visits",
        sql.fromValues(
            DataTypes.ROW(
                DataTypes.FIELD("site", DataTypes.STRING()),
                DataTypes.FIELD("hour", DataTypes.INT()),
                DataTypes.FIELD("visitor", DataTypes.STRING())),
            Row.of("a", 1, "ann"),
            Row.of("a", 1, "bob"),
            Row.of("a", 2, "ann"),
            Row.of("a", 3, null),
            Row.of("b", 1, null)));

    List<Row> found =
        FunctionsITCase.rows(
            sql,
            "SELECT site, sketch_estimate(merge_sketches(sketch)) FROM ("
                + "SELECT site, visitors_sketch(visitor) AS sketch FROM visits GROUP BY site, `hour`"
                + ") GROUP BY site");

    assertThat(found).containsExactlyInAnyOrder(Row.of("a", 2L), Row.of("b", 0L));
  }

  @Test
  void aStreamingQueryCountsOnAsVisitorsCome() throws Exception {
    TableEnvironment streaming = environment(EnvironmentSettings.inStreamingMode());
    visits(streaming);

    List<Row> found =
        FunctionsITCase.rows(
            streaming,
            "SELECT sketch_estimate(visitors_sketch(visitor)) FROM visits WHERE place <> 'many'");

    assertThat(found)
        .filteredOn(row -> row.getKind() != RowKind.UPDATE_BEFORE)
        .extracting(row -> row.getField(0))
        .last()
        .isEqualTo(1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"batch", "streaming"})
  void sessionizesInAnyOrderWithTheDomainsRules(String mode) throws Exception {
    TableEnvironment env =
        environment(
            mode.equals("batch")
                ? EnvironmentSettings.inBatchMode()
                : EnvironmentSettings.inStreamingMode());
    events(env);

    List<Row> found = lastRows(env, sessions("CAST(NULL AS INT)"));

    assertThat(found)
        .containsExactly(
            Row.of(
                "ann",
                id("ann", TEN),
                TEN,
                TEN.plusSeconds(1800),
                1_800_000L,
                3L,
                2L,
                2L,
                false,
                "/a",
                "/b",
                "search",
                true,
                1L,
                500L,
                70L),
            Row.of(
                "ann",
                id("ann", TEN.plusSeconds(3601)),
                TEN.plusSeconds(3601),
                TEN.plusSeconds(3601),
                0L,
                1L,
                1L,
                1L,
                true,
                "/c",
                "/c",
                "direct",
                false,
                0L,
                0L,
                0L),
            Row.of(
                "bob",
                id("bob", TEN),
                TEN,
                TEN,
                0L,
                1L,
                0L,
                0L,
                false,
                null,
                null,
                "direct",
                false,
                0L,
                0L,
                0L));
  }

  @Test
  void takesAnotherGap() throws Exception {
    events(sql);

    List<Row> found = lastRows(sql, sessions("10"));

    assertThat(found.stream().map(row -> row.getField(0) + " " + row.getField("events")))
        .containsExactly("ann 2", "ann 1", "ann 1", "bob 1");
  }

  @Test
  void aGroupWithoutEventsHasNoSession() throws Exception {
    events(sql);

    List<Row> found =
        FunctionsITCase.rows(
            sql,
            "SELECT CARDINALITY(" + sessionize("30") + ") FROM events WHERE visitor = 'nobody'");

    assertThat(found).containsExactly(Row.of(0));
  }

  @Test
  void everyResultHasATypeThatAnyEngineKnows() throws Exception {
    events(sql);
    for (ReadmeTable.Line line : ReadmeTable.read()) {
      String query =
          "SELECT " + (line.hasExample() ? wholeResult(line) : sessionize("30") + " FROM events");

      String type =
          sql.sqlQuery(query)
              .getResolvedSchema()
              .getColumnDataTypes()
              .get(0)
              .getLogicalType()
              .copy(true)
              .asSummaryString()
              .replace("`", "");

      assertThat(type).as(line.function()).startsWith(line.result().split("…")[0].strip());
      assertThat(type).as(line.function()).doesNotContain("RAW", "STRUCTURED");
    }
  }

  /** The example's call alone, without what is taken out of its row or done with its sketch. */
  private static String wholeResult(ReadmeTable.Line line) {
    String example = line.example().replaceFirst("\\)\\.\\w+$", ")");
    return line.result().equals("BYTES")
        ? example.replaceFirst("sketch_estimate\\((.*?\\))\\)", "$1")
        : example;
  }

  /** Each of many visitors twice, one visitor twice beside a NULL, and nobody. */
  private static void visits(TableEnvironment env) {
    env.executeSql(
        """
        CREATE TEMPORARY TABLE numbers (i INT) WITH (
          'connector' = 'datagen',
          'number-of-rows' = '%1$d',
          'fields.i.kind' = 'sequence',
          'fields.i.start' = '0',
          'fields.i.end' = '%1$d')"""
            .formatted(2 * MANY + 4));
    env.executeSql(
        """
        CREATE TEMPORARY VIEW visits AS
        SELECT
          CASE WHEN i < %1$d THEN 'many' WHEN i < %1$d + 3 THEN 'one' ELSE 'none' END AS place,
          CASE WHEN i < %1$d THEN 'v' || CAST(MOD(i, %2$d) AS STRING) WHEN i < %1$d + 2 THEN 'ann' END
            AS visitor
        FROM numbers"""
            .formatted(2 * MANY, MANY));
  }

  private static void events(TableEnvironment env) {
    env.createTemporaryView(
        "events",
        env.fromValues(
            DataTypes.ROW(
                DataTypes.FIELD("visitor", DataTypes.STRING()),
                DataTypes.FIELD("id", DataTypes.STRING()),
                DataTypes.FIELD("type", DataTypes.STRING()),
                DataTypes.FIELD("at", DataTypes.TIMESTAMP_LTZ(3)),
                DataTypes.FIELD("page", DataTypes.STRING()),
                DataTypes.FIELD("channel", DataTypes.STRING()),
                DataTypes.FIELD("cents", DataTypes.BIGINT())),
            Row.of("ann", "e4", "page_view", TEN.plusSeconds(3601), "/c", "direct", null),
            Row.of("ann", "e3", "page_view", TEN.plusSeconds(1800), "/b", "referral", null),
            Row.of("ann", "e1", "page_view", TEN, "/a", "search", null),
            Row.of("ann", "e2", "purchase", TEN.plusSeconds(60), "/a", "search", 500L),
            Row.of("ann", "e2", "purchase", TEN.plusSeconds(60), "/a", "search", 500L),
            Row.of("bob", "e5", "click", TEN, "/a", "direct", null),
            Row.of("bob", null, "click", TEN, "/a", "direct", null)));
  }

  private static String sessionize(String gap) {
    String none = "CAST(NULL AS STRING)";
    return "sessionize("
        + gap
        + ", 'shop', visitor, id, type, `at`, CAST(NULL AS BIGINT), page, channel, "
        + String.join(", ", Collections.nCopies(10, none))
        + ", FALSE, cents, CASE WHEN cents > 0 THEN CAST(70 AS BIGINT) END)";
  }

  private static String sessions(String gap) {
    return "SELECT visitor, session_id, started_at, ended_at, duration_ms, events, page_views,"
        + " distinct_pages, bounce, entry_page, exit_page, channel, converted, conversions,"
        + " revenue_cents, engagement_ms FROM (SELECT visitor, "
        + sessionize(gap)
        + " AS visits FROM events GROUP BY visitor) CROSS JOIN UNNEST(visits)";
  }

  private static TableEnvironment environment(EnvironmentSettings settings) {
    TableEnvironment env = FunctionsITCase.environment(settings);
    env.getConfig().set("parallelism.default", "2");
    return env;
  }

  /** The rows that are left, by visitor and start. */
  private static List<Row> lastRows(TableEnvironment env, String query) throws Exception {
    List<Row> left = new ArrayList<>();
    for (Row row : FunctionsITCase.rows(env, query)) {
      boolean goes = row.getKind() == RowKind.DELETE || row.getKind() == RowKind.UPDATE_BEFORE;
      row.setKind(RowKind.INSERT);
      if (goes) {
        assertThat(left.remove(row)).isTrue();
      } else {
        left.add(row);
      }
    }
    left.sort(
        Comparator.comparing((Row row) -> (String) row.getField(0))
            .thenComparing(row -> (Instant) row.getField("started_at")));
    return left;
  }

  private static String id(String visitor, Instant startedAt) {
    return SessionRules.sessionId("shop", visitor, startedAt.toEpochMilli());
  }
}
