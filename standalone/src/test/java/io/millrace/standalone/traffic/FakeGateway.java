package io.millrace.standalone.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * A gateway that keeps what it is sent. It answers 204 unless other answers are queued, and refuses
 * events of type {@code bad}.
 */
public final class FakeGateway implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Batch> batches = new ArrayList<>();

  /** A request that arrived, with the answer it got. */
  public record Batch(String authorization, JsonNode body, int status) {
    public List<JsonNode> events() {
      List<JsonNode> events = new ArrayList<>();
      body.get("events").forEach(events::add);
      return events;
    }
  }

  /** A canned answer; status 0 cuts the connection after the request was read. */
  public record Answer(int status, String retryAfter, String body) {
    public static Answer of(int status) {
      return new Answer(status, null, "");
    }
  }

  public FakeGateway() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/collect", this::collect);
    server.setExecutor(threads);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public synchronized FakeGateway answering(Answer... next) {
    answers.addAll(List.of(next));
    return this;
  }

  public synchronized List<Batch> batches() {
    return List.copyOf(batches);
  }

  /** Events of the batches that were answered 2xx, in order of arrival. */
  public List<JsonNode> taken() {
    return batches().stream()
        .filter(batch -> batch.status() / 100 == 2)
        .flatMap(batch -> batch.events().stream())
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void collect(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream in = exchange.getRequestBody();
    JsonNode body = JSON.readTree((gzip ? new GZIPInputStream(in) : in).readAllBytes());
    Answer answer = answer(exchange.getRequestHeaders().getFirst("Authorization"), body);
    if (answer.status() == 0) {
      exchange.close();
      return;
    }
    if (answer.retryAfter() != null) {
      exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized Answer answer(String authorization, JsonNode body) {
    Answer answer = answers.isEmpty() ? verdict(body.get("events")) : answers.poll();
    batches.add(new Batch(authorization, body, answer.status()));
    return answer;
  }

  private static Answer verdict(JsonNode events) {
    List<String> rejected = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).path("eventType").asText().equals("bad")) {
        rejected.add(
            "{\"index\":%d,\"eventId\":%s,\"code\":\"invalid_event_type\",\"message\":\"is bad\"}"
                .formatted(i, events.get(i).get("eventId")));
      }
    }
    if (rejected.isEmpty()) {
      return Answer.of(204);
    }
    String body =
        "{\"accepted\":%d,\"rejected\":[%s]}"
            .formatted(events.size() - rejected.size(), String.join(",", rejected));
    return new Answer(rejected.size() == events.size() ? 400 : 200, null, body);
  }
}
