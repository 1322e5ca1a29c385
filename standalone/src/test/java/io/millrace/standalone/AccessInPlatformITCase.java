package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.access.AccessOptions;
import io.millrace.gateway.access.KeyHash;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands change what a running gateway lets in, and an old data folder keeps its keys. */
class AccessInPlatformITCase {
  private static final Duration PROMISED = Duration.ofSeconds(5);

  @TempDir Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private URI gateway;

  @Test
  void commandsCountWithinFiveSecondsAndKeysOfAnEarlierVersionStay() throws Exception {
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

    try (Platform again = start()) {
      gateway = again.running().gateway();
      await().atMost(Duration.ofSeconds(30)).until(() -> status(key) != 503);

      assertThat(status(key)).isEqualTo(429);
      assertThat(status("old-key")).isEqualTo(401);
      assertThat(status(LocalKeys.read(config).of("default").live())).isEqualTo(204);
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
