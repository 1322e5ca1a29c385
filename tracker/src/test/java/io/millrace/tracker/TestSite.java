package io.millrace.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web site with the tracker on its pages. What it collects goes on to the real gateway, over a
 * line that a test can break.
 */
final class TestSite implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> TYPES =
      Map.of("js", "text/javascript", "mjs", "text/javascript", "css", "text/css");

  /** What becomes of a request on its way to the gateway. */
  interface Line {
    void carry(TestSite site, HttpExchange exchange, Call call) throws IOException;
  }

  /**
   * A request of the tracker.
   *
   * @param arrivedNanos by the monotonic clock
   */
  record Call(String query, String contentType, JsonNode body, byte[] bytes, long arrivedNanos) {
    int events() {
      return body.path("events").size();
    }
  }

  /** To the gateway and back. */
  static final Line OPEN = (site, exchange, call) -> site.answer(exchange, site.ask(call));

  /** To the gateway, but its answer is lost. */
  static final Line LOSES_ANSWERS =
      (site, exchange, call) -> {
        site.ask(call);
        exchange.close();
      };

  /** Nothing arrives anywhere. */
  static final Line CUT = (site, exchange, call) -> exchange.close();

  /** Somebody before the gateway answers in its place. */
  static Line answering(int status, String retryAfterSeconds) {
    return (site, exchange, call) -> {
      exchange.getResponseHeaders().set("Retry-After", retryAfterSeconds);
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  private final int gatewayPort;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private volatile Line line = OPEN;

  TestSite(int gatewayPort) throws IOException {
    this.gatewayPort = gatewayPort;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  void page(String path, String html) {
    pages.put(path, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">" + html);
  }

  void line(Line next) {
    line = next;
  }

  /** The requests so far. */
  List<Call> calls() {
    return new ArrayList<>(calls);
  }

  /** What the gateway answered so far. */
  List<Integer> statuses() {
    return new ArrayList<>(statuses);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/v1/collect")) {
      collect(exchange);
    } else if (pages.containsKey(path)) {
      send(exchange, "text/html; charset=utf-8", pages.get(path).getBytes(UTF_8));
    } else {
      byte[] file = file(path);
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
      } else {
        send(exchange, TYPES.get(path.substring(path.lastIndexOf('.') + 1)), file);
      }
    }
  }

  /** The minified scripts, the sources, and React, which comes as a web jar; else null. */
  private static byte[] file(String path) throws IOException {
    if (path.startsWith("/lib/") || path.startsWith("/react/")) {
      return Files.readAllBytes(Path.of("." + path));
    }
    String resource =
        path.startsWith("/webjars/") ? "/META-INF/resources" + path : "/millrace/tracker" + path;
    try (InputStream in = TestSite.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void collect(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonNode read;
    try {
      read = JSON.readTree(body);
    } catch (IOException e) {
      read = JSON.missingNode(); // a test that spoils a body on purpose
    }
    Call call =
        new Call(
            exchange.getRequestURI().getQuery(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            read,
            body,
            System.nanoTime());
    calls.add(call);
    // As the gateway will for an allowed origin; pages without one (sandboxed frames) send "null".
    exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
    line.carry(this, exchange, call);
  }

  HttpResponse<byte[]> ask(Call call) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + gatewayPort + "/v1/collect?" + call.query());
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", call.contentType())
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.bytes()))
            .build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      statuses.add(answer.statusCode());
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("Interrupted while asking the gateway", e));
    }
  }

  private void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
    for (String name : List.of("Content-Type", "Retry-After")) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
    }
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
