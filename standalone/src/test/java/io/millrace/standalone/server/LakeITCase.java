package io.millrace.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog on a real Postgres, its tables, and SQL over them. */
class LakeITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  @Test
  void everyTableFileBecomesATablePartitionedAsItSays() throws Exception {
    try (PostgresServer postgres = postgres()) {
      LakeCatalog lake = lake(postgres);

      assertThat(LakeTables.createMissing(lake))
          .contains(
              "events",
              "sessions",
              "metrics_15m",
              "conversions",
              "attribution",
              "funnel_steps",
              "ledger",
              "dim_links",
              "dim_products",
              "dim_profiles",
              "dim_owners",
              "anomalies",
              "forecasts",
              "dead_letters",
              "duplicates");
      assertThat(LakeTables.createMissing(lake)).isEmpty();

      try (JdbcCatalog catalog = lake.open()) {
        Table events = catalog.loadTable(TableIdentifier.of("lake", "events"));
        assertThat(events.spec().fields())
            .singleElement()
            .hasToString("1000: occurred_at_day: day(7)");
        assertThat(events.properties()).containsEntry("write.parquet.compression-codec", "zstd");
        Table sessions = catalog.loadTable(TableIdentifier.of("lake", "sessions"));
        assertThat(sessions.schema().identifierFieldNames()).containsExactly("session_id");
        Table links = catalog.loadTable(TableIdentifier.of("lake", "dim_links"));
        assertThat(links.spec().isUnpartitioned()).isTrue();
        assertThat(links.schema().identifierFieldNames())
            .containsExactlyInAnyOrder("tenant", "id", "valid_from");
      }
    }
  }

  @Test
  void aKillBetweenCreatingAndPartitioningIsMendedByTheNextStart() throws Exception {
    try (PostgresServer postgres = postgres()) {
      LakeCatalog lake = lake(postgres);
      String unpartitioned = "CREATE TABLE millrace.lake.t (seen_at TIMESTAMP_LTZ(6) NOT NULL)";
      LakeTables.createMissing(lake, Map.of("t", unpartitioned));
      try (JdbcCatalog catalog = lake.open()) {
        Table table = catalog.loadTable(TableIdentifier.of("lake", "t"));
        assertThat(table.spec().isUnpartitioned()).isTrue();
        table.updateProperties().set(LakeTables.PARTITION_BY, "day(seen_at)").commit();

        LakeTables.createMissing(lake, Map.of("t", unpartitioned));

        table.refresh();
        assertThat(table.spec().fields()).singleElement().hasToString("1000: seen_at_day: day(1)");
      }
    }
  }

  @Test
  void sqlWritesAndReadsTheLakeThroughTheGateway() throws Exception {
    PortBook ports = new PortBook(folder.resolve("ports.properties"));
    try (PostgresServer postgres = postgres();
        FlinkCluster flink = FlinkCluster.start(folder.resolve("flink"), ports, 0, 2);
        SqlGatewayServer gateway = SqlGatewayServer.start(flink.restUrl(), ports, 0, Map.of())) {
      LakeCatalog lake = lake(postgres);
      LakeTables.createMissing(lake, Map.of("t", "CREATE TABLE millrace.lake.t (a INT, b STRING)"));
      String session =
          post(gateway.url().resolve("/v1/sessions"), "{}").get("sessionHandle").asText();
      URI statements = gateway.url().resolve("/v1/sessions/" + session + "/statements");

      run(statements, lake.createCatalogSql());
      run(statements, "SET 'execution.runtime-mode' = 'batch'");
      run(statements, "SET 'table.dml-sync' = 'true'");
      run(statements, "INSERT INTO millrace.lake.t VALUES (1, 'one'), (2, 'two')");
      JsonNode rows = run(statements, "SELECT SUM(a) FROM millrace.lake.t");

      assertThat(rows.at("/results/data/0/fields/0").asInt()).isEqualTo(3);
    }
  }

  @Test
  void aTransformThatNobodyKnowsIsNamedWithItsTable() {
    assertThatThrownBy(() -> LakeTables.transform("lake.t", "week(at)"))
        .hasMessage(
            "Cannot partition table lake.t: millrace.partition-by is 'week(at)'; give year, month,"
                + " day or hour of a column, for example day(occurred_at)");
  }

  /** Runs a statement and returns the first page that holds rows, or the last one. */
  private static JsonNode run(URI statements, String sql) throws Exception {
    String body = JSON.writeValueAsString(Map.of("statement", sql));
    String operation = post(statements, body).get("operationHandle").asText();
    URI next = statements.resolve("operations/" + operation + "/result/0?rowFormat=JSON");
    JsonNode[] page = new JsonNode[1];
    URI[] at = {next};
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              page[0] = send(HttpRequest.newBuilder(at[0]).build());
              JsonNode following = page[0].get("nextResultUri");
              if (following != null && !following.isNull()) {
                at[0] = statements.resolve(following.asText());
              }
              boolean end = page[0].get("resultType").asText().equals("EOS");
              return end || !page[0].at("/results/data").isEmpty();
            });
    return page[0];
  }

  private static JsonNode post(URI url, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static JsonNode send(HttpRequest request) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private PostgresServer postgres() throws Exception {
    return PostgresServer.start(
        folder.resolve("postgres"),
        new PortBook(folder.resolve("pg-ports.properties")),
        0,
        folder.resolve("logs/postgres.log"));
  }

  private LakeCatalog lake(PostgresServer postgres) {
    return new LakeCatalog(
        postgres.jdbcUrl(), PostgresServer.USER, "", folder.resolve("warehouse").toUri());
  }
}
