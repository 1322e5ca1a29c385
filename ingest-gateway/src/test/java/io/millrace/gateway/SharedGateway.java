package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One broker and one gateway with short deadlines, for all tests of one process that attack it. */
final class SharedGateway implements BeforeAllCallback {
  static final String RAW = "events.raw";
  static final int PARTITIONS = 2;
  static final Duration IDLE = Duration.ofSeconds(2);
  static final Duration DELIVERY = Duration.ofSeconds(2);

  private static final AtomicInteger IDS = new AtomicInteger();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static Running running;

  private static final class Running
      implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private final Path folder;
    private final EmbeddedBroker broker;
    private final IngestGateway gateway;

    Running() {
      try {
        folder = Files.createTempDirectory("shared-broker");
        broker = new EmbeddedBroker(folder);
        broker.start();
        broker.createTopics(PARTITIONS, RAW, "events.dead-letter");
      } catch (Exception e) {
        throw new IllegalStateException("The broker did not start", e);
      }
      gateway =
          IngestGateway.start(
              GatewayOptions.builder(broker.bootstrapServers())
                  .heartbeatAfter(Duration.ofHours(1))
                  .idleTimeout(IDLE)
                  .deliveryTimeout(DELIVERY)
                  .build(),
              TestKeys.any(),
              GeoLookup.NONE,
              Clock.systemUTC());
    }

    @Override
    public void close() throws IOException {
      gateway.close();
      broker.close();
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running =
        context
            .getRoot()
            .getStore(Namespace.GLOBAL)
            .getOrComputeIfAbsent(Running.class, type -> new Running(), Running.class);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
  }

  static int port() {
    return running.gateway.port();
  }

  static Set<String> paths() {
    return running.gateway.paths();
  }

  static String newId() {
    return "shared-" + IDS.incrementAndGet() + "-end";
  }

  /** An event of its own visitor; {@code fields} starts with a comma, or is empty. */
  static String event(String id, String fields) {
    return "{\"eventId\":\""
        + id
        + "\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\""
        + id
        + "\""
        + fields
        + "}";
  }

  /** How often an event is in the raw topic, by what its value holds. */
  static long stored(String id) {
    return values().stream().filter(value -> value.contains(id)).count();
  }

  /** The first record of the raw topic whose value holds the id. */
  static ConsumerRecord<byte[], byte[]> record(String id) {
    return running.broker.read(RAW, PARTITIONS).stream()
        .filter(record -> new String(record.value(), UTF_8).contains(id))
        .findFirst()
        .orElseThrow();
  }

  static List<String> values() {
    return running.broker.read(RAW, PARTITIONS).stream()
        .map(record -> new String(record.value(), UTF_8))
        .toList();
  }

  static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  static HttpResponse<String> post(byte[] body, String... headers)
      throws IOException, InterruptedException {
    return post("/v1/collect", body, headers);
  }

  static HttpResponse<String> post(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("X-Write-Key", "any")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpRequest timed = request.timeout(Duration.ofSeconds(20)).build();
    return ApiContract.checked(CLIENT.send(timed, BodyHandlers.ofString()));
  }

  static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** The sum over all series whose name (and labels) start so. */
  static double metric(String start) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Sends the bytes as they are and gives what comes back until the gateway closes. */
  static String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return readAll(socket, Duration.ofSeconds(20));
    }
  }

  /** All that comes until the other side closes; fails when it does not. */
  static String readAll(Socket socket, Duration within) throws IOException {
    socket.setSoTimeout((int) within.toMillis());
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      int next;
      while ((next = in.read()) >= 0) {
        read.write(next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "The gateway did not close within " + within + "; it sent: " + read.toString(ISO_8859_1),
          e);
    } catch (SocketException closedHard) {
      assertThat(closedHard).hasMessageContaining("reset");
    }
    return read.toString(ISO_8859_1);
  }
}
