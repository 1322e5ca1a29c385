package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/** A gateway that answers as a test wants, and remembers what it was sent. */
public final class FakeGateway implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger held = new AtomicInteger();
  private volatile Function<Request, Reply> answers = request -> Reply.of(204);
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /**
   * What came.
   *
   * @param nanoTime when
   */
  public record Request(
      List<JsonNode> events, JsonNode metadata, Headers headers, int bodyBytes, long nanoTime) {
    public List<String> ids() {
      return events.stream().map(event -> event.path("eventId").asText()).toList();
    }
  }

  /**
   * @param retryAfter null for none
   */
  record Reply(int status, String retryAfter, String body) {
    static Reply of(int status) {
      return new Reply(status, null, "");
    }

    static Reply of(int status, String body) {
      return new Reply(status, null, body);
    }

    static Reply problem(int status, String code, String detail) {
      return of(status, "{\"code\":\"" + code + "\",\"detail\":\"" + detail + "\"}");
    }
  }

  private FakeGateway(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/v1/collect", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public static FakeGateway start() throws IOException {
    return new FakeGateway(0);
  }

  static FakeGateway start(int port) throws IOException {
    return new FakeGateway(port);
  }

  int port() {
    return server.getAddress().getPort();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** The next requests are answered so, one each, and all after them with the last. */
  void answers(Reply... replies) {
    AtomicInteger next = new AtomicInteger();
    answers = request -> replies[Math.min(next.getAndIncrement(), replies.length - 1)];
  }

  void answersBy(Function<Request, Reply> rule) {
    answers = rule;
  }

  /** Requests are read and not answered until {@link #release}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  public void release() {
    gate.countDown();
  }

  /** Requests that wait for their answer now. */
  public int held() {
    return held.get();
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The ids of all events it was sent, in order, again when they came again. */
  public List<String> ids() {
    return requests.stream().flatMap(request -> request.ids().stream()).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    byte[] sent = exchange.getRequestBody().readAllBytes();
    Request request = read(exchange.getRequestHeaders(), sent, now);
    requests.add(request);
    held.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      exchange.close();
      return;
    } finally {
      held.decrementAndGet();
    }
    Reply reply = answers.apply(request);
    if (reply.retryAfter() != null) {
      exchange.getResponseHeaders().add("Retry-After", reply.retryAfter());
    }
    byte[] body = reply.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static Request read(Headers headers, byte[] sent, long now) throws IOException {
    byte[] body = sent;
    if ("gzip".equals(headers.getFirst("Content-Encoding"))) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
        body = in.readAllBytes();
      }
    }
    JsonNode json = JSON.readTree(body);
    List<JsonNode> events = new ArrayList<>();
    json.path("events").forEach(events::add);
    return new Request(events, json.path("metadata"), headers, body.length, now);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
