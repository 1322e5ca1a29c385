package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.jobs.programs.IngestGraph;
import io.millrace.jobs.programs.Topics;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.audit.Freshness;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** Asks every part of a running platform how it is. */
final class PlatformProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningPlatform running;
  private final Clock clock;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final List<PlatformStatus.Part> parts = new ArrayList<>();

  PlatformProbe(RunningPlatform running, Clock clock) {
    this.running = running;
    this.clock = clock;
  }

  PlatformStatus look(boolean withTables) throws InterruptedException {
    if (running.gateway() != null) {
      ask("gateway", running.gateway().toString(), () -> text(running.gateway(), "/health/ready"));
    }
    Offsets offsets = ask("kafka", running.kafka(), this::offsets);
    ask("redis", running.redis(), this::pingRedis);
    Lake lake = ask("lake", running.lake().jdbcUrl(), () -> lake(withTables));
    PlatformStatus.Job job =
        ask(
            "flink",
            running.flink().toString(),
            () -> running.pipelineJob() == null ? noJob() : pipeline());
    ask("sql", running.sql().toString(), () -> get(running.sql(), "/v1/info"));

    boolean healthy =
        parts.stream().allMatch(PlatformStatus.Part::answers)
            && (running.pipelineJob() == null || (job != null && job.runs()));
    return new PlatformStatus(
        healthy,
        parts,
        job,
        offsets == null ? null : offsets.end(),
        offsets == null ? null : offsets.notCommitted(),
        lake == null ? null : lake.completeUpTo(),
        lake == null ? Map.of() : lake.rows());
  }

  private <T> T ask(String name, String address, Callable<T> question) throws InterruptedException {
    try {
      T answer = question.call();
      parts.add(new PlatformStatus.Part(name, address, true, null));
      return answer;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      parts.add(new PlatformStatus.Part(name, address, false, e.toString()));
      return null;
    }
  }

  private JsonNode get(URI base, String path) throws IOException, InterruptedException {
    return JSON.readTree(text(base, path));
  }

  private String text(URI base, String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answers " + answer.statusCode());
    }
    return answer.body();
  }

  private PlatformStatus.Job noJob() throws IOException, InterruptedException {
    get(running.flink(), "/overview");
    return null;
  }

  private PlatformStatus.Job pipeline() throws IOException, InterruptedException {
    String path = "/jobs/" + running.pipelineJob();
    String state = get(running.flink(), path).get("state").asText();
    JsonNode checkpoints = get(running.flink(), path + "/checkpoints");
    JsonNode last = checkpoints.at("/latest/completed/latest_ack_timestamp");
    return new PlatformStatus.Job(
        running.pipelineJob(),
        state,
        checkpoints.at("/counts/completed").asLong(),
        last.isNumber() ? clock.millis() - last.asLong() : null);
  }

  /** End offsets of the raw events, and how far the pipeline's last checkpoint is behind. */
  private record Offsets(long end, Long notCommitted) {}

  private Offsets offsets() throws Exception {
    Map<String, Object> config =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, running.kafka(),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis(),
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    try (Admin admin = Admin.create(config)) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (TopicPartitionInfo partition :
          admin
              .describeTopics(List.of(Topics.EVENTS_RAW))
              .allTopicNames()
              .get()
              .get(Topics.EVENTS_RAW)
              .partitions()) {
        ends.put(new TopicPartition(Topics.EVENTS_RAW, partition.partition()), OffsetSpec.latest());
      }
      long end = 0;
      for (var partition : admin.listOffsets(ends).all().get().values()) {
        end += partition.offset();
      }
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(IngestGraph.CONSUMER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get();
      long done = 0;
      for (OffsetAndMetadata offset : committed.values()) {
        done += offset == null ? 0 : offset.offset();
      }
      return new Offsets(end, committed.isEmpty() ? null : end - done);
    }
  }

  private String pingRedis() {
    RedisURI uri = RedisURI.create(running.redis());
    uri.setTimeout(PATIENCE);
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return connection.sync().ping();
    } finally {
      client.shutdown(0, PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private record Lake(String completeUpTo, Map<String, Long> rows) {}

  private Lake lake(boolean withTables) throws IOException {
    String completeUpTo =
        Freshness.completeUpTo(running.lake().catalog(), clock).map(Instant::toString).orElse(null);
    return new Lake(completeUpTo, withTables ? tableRows() : Map.of());
  }

  private Map<String, Long> tableRows() throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    try (JdbcCatalog catalog = running.lake().catalog().open()) {
      for (TableIdentifier id : catalog.listTables(Namespace.of(LakeCatalog.NAMESPACE))) {
        rows.put(id.name(), rows(catalog.loadTable(id).currentSnapshot()));
      }
    }
    return rows;
  }

  /** A restated row was written twice and deleted once. */
  static long rows(Snapshot snapshot) {
    if (snapshot == null) {
      return 0;
    }
    Map<String, String> summary = snapshot.summary();
    return Long.parseLong(summary.getOrDefault("total-records", "0"))
        - Long.parseLong(summary.getOrDefault("total-equality-deletes", "0"))
        - Long.parseLong(summary.getOrDefault("total-position-deletes", "0"));
  }
}
