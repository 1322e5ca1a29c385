package io.millrace.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.alerts.send.Senders;
import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.ChannelSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the machine's Alertmanager, where it has one. */
class AlertmanagerITCase {
  private static final Path BINARY = Path.of("/usr/bin/prometheus-alertmanager");

  @TempDir Path folder;

  @Test
  void anAlertmanagerShowsWhatIsWrongUntilItIsOver() throws Exception {
    assumeTrue(
        Files.isExecutable(BINARY),
        "No " + BINARY + " here; Debian has it in the package prometheus-alertmanager");
    // It shows no alert that has ended, so this one is of the last hour.
    List<Alert> both =
        TestAlerts.both("/checkout", System.currentTimeMillis() - Duration.ofHours(1).toMillis());
    int port = freePort();
    Process alertmanager = start(port);
    try (Senders senders = new Senders(null, Clock.systemUTC())) {
      ChannelSpec channel =
          TestAlerts.channel(
              "{kind: alertmanager, url: 'http://127.0.0.1:"
                  + port
                  + "', allow: [http, private-addresses]}");
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> get(port, "/-/ready").statusCode() == 200);

      senders.send(channel, both.get(0));
      await().atMost(Duration.ofMinutes(1)).until(() -> alerts(port).size() == 1);
      JsonNode shown = alerts(port).get(0);
      senders.send(channel, both.get(0));
      senders.send(channel, both.get(1));

      assertThat(shown.at("/labels/alertname").asText()).isEqualTo("errors");
      assertThat(shown.at("/labels/tenant").asText()).isEqualTo("acme");
      assertThat(shown.at("/annotations/summary").asText())
          .isEqualTo("[warning] errors: errors of page /checkout");
      await().atMost(Duration.ofMinutes(1)).until(() -> alerts(port).isEmpty());
    } finally {
      alertmanager.destroyForcibly().waitFor();
    }
  }

  private Process start(int port) throws IOException {
    Path config = folder.resolve("alertmanager.yml");
    Files.writeString(config, "route: {receiver: none}\nreceivers: [{name: none}]\n");
    return new ProcessBuilder(
            BINARY.toString(),
            "--config.file=" + config,
            "--storage.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--cluster.listen-address=")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static JsonNode alerts(int port) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(get(port, "/api/v2/alerts").body());
  }

  private static HttpResponse<String> get(int port, String path)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
