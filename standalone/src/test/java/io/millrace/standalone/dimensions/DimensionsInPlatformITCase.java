package io.millrace.standalone.dimensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.sql.Column;
import io.millrace.sql.Progress;
import io.millrace.sql.Rows;
import io.millrace.sql.SqlClient;
import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.pipeline.LakeReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace up} with the sample schema, from a row to the answer of a question. */
class DimensionsInPlatformITCase {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void anEventHasTheTitleOfItsMomentAlsoWhenTheTitleChangesWhileThePlatformIsDead()
      throws Exception {
    Path data = folder.resolve("data");
    Path config = Files.createDirectories(data.resolve("config"));
    Files.writeString(
        config.resolve(DimensionsPlace.SAMPLE_ROWS),
        """
        INSERT INTO shop.owners (tenant, id, name, created_at)
        VALUES ('default', 'o1', 'Olga', '2026-01-01');
        INSERT INTO shop.products (tenant, id, owner_id, title, created_at)
        VALUES ('default', 'p1', 'o1', 'Old title', '2026-01-01');
        """);
    try (ChildPlatform platform =
        new ChildPlatform(data, List.of("--checkpoint-interval", "2s", "--parallelism", "1"))) {
      RunningPlatform first = platform.start();
      String key = LocalKeys.read(config).of("default").live();
      await().atMost(PATIENCE).until(() -> versions(first) == 1);
      await().atMost(PATIENCE).until(() -> metric(first, "dimensions_following") == 1);
      assertThat(metric(first, "dimensions_slot_retained_bytes")).isPositive();
      await().atMost(PATIENCE).until(() -> send(first, key, "1") == 204);
      await().atMost(PATIENCE).until(() -> titles(first).equals(List.of("Old title by Olga")));

      platform.kill(); // its Postgres goes on
      execute(first, "UPDATE shop.products SET title = 'New title'");
      RunningPlatform second = platform.start();

      await().atMost(PATIENCE).until(() -> versions(second) == 2);
      await().atMost(PATIENCE).until(() -> send(second, key, "2") == 204);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(titles(second))
                      .containsExactly("Old title by Olga", "New title by Olga"));
      await().atMost(PATIENCE).until(() -> metric(second, "dimensions_following") == 1);
    }
  }

  private static int versions(RunningPlatform running) throws Exception {
    return new LakeReader(running.lake().catalog()).rows("dim_products").size();
  }

  private double metric(RunningPlatform running, String name) throws Exception {
    URI metrics = running.gateway().resolve("/metrics");
    return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private int send(RunningPlatform running, String key, String id) throws Exception {
    String event =
        "{\"eventId\":\"%s\",\"eventType\":\"product_view\",\"timestamp\":%d,\"visitorId\":\"ann\",\"entityType\":\"product\",\"entityId\":\"p1\"}"
            .formatted(id, System.currentTimeMillis());
    return http.send(
            HttpRequest.newBuilder(running.gateway().resolve("/v1/collect"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Of each event, by the view. */
  private static List<String> titles(RunningPlatform running) throws Exception {
    List<String> titles = new ArrayList<>();
    try (SqlClient sql =
        SqlClient.open(running.sql(), running.lake().catalog().createCatalogSql())) {
      sql.query(
          "SELECT entity_title || ' by ' || owner_name FROM events_with_dimensions"
              + " ORDER BY occurred_at",
          new Rows() {
            @Override
            public void columns(List<Column> columns) {}

            @Override
            public void row(List<JsonNode> values) {
              titles.add(values.get(0).asText());
            }
          },
          Progress.NONE);
    }
    return titles;
  }

  private static void execute(RunningPlatform running, String sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(running.lake().jdbcUrl(), running.lake().user(), "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
