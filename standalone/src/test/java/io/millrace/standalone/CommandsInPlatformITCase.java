package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.millrace.gateway.access.AccessOptions;
import io.millrace.gateway.access.KeyHash;
import io.millrace.jobs.programs.Topics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands change what a running gateway lets in, an old data folder keeps its keys, and the alerts
 * of a tenant with rules go out.
 */
class CommandsInPlatformITCase {
  private static final Duration PROMISED = Duration.ofSeconds(5);

  @TempDir Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> alerted = new CopyOnWriteArrayList<>();
  private URI gateway;

  @Test
  void commandsCountWithinFiveSecondsKeysOfAnEarlierVersionStayAndAlertsGoOut() throws Exception {
    Path config = Files.createDirectories(data.resolve("config"));
    Files.writeString(
        config.resolve("keys.json"),
        "{\"keys\":[{\"tenant\":\"old\",\"name\":\"web\",\"sha256\":\""
            + KeyHash.sha256Hex("old-key")
            + "\",\"historical\":false,\"serverSide\":false}]}");
    String key;
    try (Platform platform = start()) {
      gateway = platform.running().gateway();
      await().atMost(Duration.ofSeconds(30)).until(() -> status("old-key") == 204);
      assertThat(status(LocalKeys.read(config).of("default").live())).isEqualTo(204);

      run("tenant", "create", "acme");
      key =
          new ObjectMapper()
              .readTree(run("key", "create", "web", "--tenant", "acme", "--output", "json"))
              .get("key")
              .asText();
      await().atMost(PROMISED).until(() -> status(key) == 204);
      assertThat(status(LocalKeys.read(config).of("acme").live())).isEqualTo(204);

      run("key", "set", "web", "--tenant", "acme", "--event-type", "click");
      await().atMost(PROMISED).until(() -> status(key) == 400);
      run("key", "set", "web", "--tenant", "acme", "--event-type", "all");
      await().atMost(PROMISED).until(() -> status(key) == 204);
      run("tenant", "set", "acme", "dailyEventQuota=1");
      await().atMost(PROMISED).until(() -> status(key) == 429);
      run("key", "revoke", "web", "--tenant", "old");
      await().atMost(PROMISED).until(() -> status("old-key") == 401);
    }

    HttpServer receiver = receiver();
    try (Platform again = start()) {
      gateway = again.running().gateway();
      await().atMost(Duration.ofSeconds(30)).until(() -> status(key) != 503);

      assertThat(status(key)).isEqualTo(429);
      assertThat(status("old-key")).isEqualTo(401);
      assertThat(status(LocalKeys.read(config).of("default").live())).isEqualTo(204);

      tellOfErrors(again.running().kafka());
      await().atMost(Duration.ofMinutes(1)).until(() -> !alerted.isEmpty());
      String id = alerted.get(0);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  run("alerts", "list", "--tenant", "acme", "--output", "json")
                      .contains("\"outcome\":\"sent\""));
      assertThat(run("alerts", "acknowledge", id, "--tenant", "acme"))
          .isEqualToNormalizingNewlines("Acknowledged alert " + id + ".\n");
    } finally {
      receiver.stop(0);
    }
  }

  /** Keeps the ids of the alerts that it gets, as rules that are written here say. */
  private HttpServer receiver() throws Exception {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          alerted.add(exchange.getRequestHeaders().getFirst("Millrace-Message-Id").split("-")[0]);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    Path rules = Files.createDirectories(data.resolve("config/alerts")).resolve("acme.yaml");
    Files.writeString(
        rules,
        "channels:\n  ops: {kind: webhook, secret: 0123456789abcdef, url: 'http://127.0.0.1:"
            + receiver.getAddress().getPort()
            + "', allow: [http, private-addresses]}\n"
            + "rules:\n  errors: {threshold: {metric: errors, above: 100}, to: [ops]}\n");
    return receiver;
  }

  /** Writes what the jobs would write, which do not run here. */
  private static void tellOfErrors(String kafka) throws Exception {
    long end = System.currentTimeMillis();
    String window =
        "{\"tenant\":\"acme\",\"metric\":\"errors\",\"grouping\":\"all\",\"value\":\"all\","
            + "\"window_start\":"
            + (end - Duration.ofMinutes(15).toMillis())
            + ",\"window_end\":"
            + end
            + ",\"actual\":250,\"sample_size\":0,\"revision\":0}";
    String mark = "{\"complete_up_to\":" + end + ",\"writer\":0,\"writers\":1}";
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(Topics.METRICS_WINDOWS, "acme", window)).get();
      for (String topic : List.of(Topics.METRICS_WINDOWS, Topics.ANOMALIES)) {
        for (PartitionInfo partition : producer.partitionsFor(topic)) {
          producer.send(new ProducerRecord<>(topic, partition.partition(), null, mark)).get();
        }
      }
    }
  }

  private Platform start() throws Exception {
    PlatformOptions defaults = PlatformOptions.defaults(data);
    return Platform.start(
        new PlatformOptions(
            data,
            defaults.ports(),
            defaults.external(),
            Duration.ofSeconds(1),
            1,
            Optional.empty(),
            List.of("default"),
            Map.of(),
            PlatformOptions.DEFAULT_MAINTAIN_EVERY,
            AccessOptions.DEFAULT),
        Optional.empty(),
        PlatformParts.gateway(),
        Clock.systemUTC(),
        (part, address, took) -> {});
  }

  /** Runs the command as a user would, and returns what it prints. */
  private String run(String... words) throws Exception {
    Process process =
        new ProcessBuilder(command(words)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    return said;
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Millrace.class.getName(), "--data", data.toString()));
    command.addAll(List.of(words));
    return command;
  }

  private int status(String key) throws Exception {
    String event =
        "{\"eventId\":\"1\",\"eventType\":\"page_view\",\"timestamp\":"
            + System.currentTimeMillis()
            + ",\"visitorId\":\"ann\"}";
    return client
        .send(
            HttpRequest.newBuilder(gateway.resolve("/v1/collect"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}
