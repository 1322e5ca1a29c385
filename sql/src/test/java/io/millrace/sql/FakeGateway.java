package io.millrace.sql;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as a Flink SQL gateway does, with the result pages that a test gives it. */
public final class FakeGateway implements AutoCloseable {
  private static final String SESSION = "/v3/sessions/s1";
  private static final String OPERATION = SESSION + "/operations/o1";

  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Queue<Answer> pages = new ArrayDeque<>();

  public FakeGateway() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Method, path and body of every request, in their order. */
  public List<String> requests() {
    return requests;
  }

  public FakeGateway notReady() {
    return answers(
        200, "{\"resultType\":\"NOT_READY\",\"nextResultUri\":\"%s\"}".formatted(next()));
  }

  /** A page with a column {@code name} of text and a column {@code amount} of type BIGINT. */
  public FakeGateway page(String... rows) {
    return answers(200, page(String.join(",", rows), ",\"nextResultUri\":\"" + next() + "\""));
  }

  public FakeGateway lastPage() {
    return answers(200, page("", ""));
  }

  public FakeGateway fails(String traceAsJson) {
    return answers(500, "{\"errors\":[\"Internal server error.\",\"" + traceAsJson + "\"]}");
  }

  private FakeGateway answers(int status, String body) {
    pages.add(new Answer(status, body));
    return this;
  }

  private static String next() {
    return OPERATION + "/result/1?rowFormat=JSON";
  }

  private static String page(String rows, String next) {
    return """
        {"resultType":"PAYLOAD","results":{"columns":[
          {"name":"name","logicalType":{"type":"VARCHAR","nullable":true,"length":9}},
          {"name":"amount","logicalType":{"type":"BIGINT","nullable":true}}],
          "rowFormat":"JSON","data":[%s]}%s}"""
        .formatted(rows, next);
  }

  public static String row(String name, long amount) {
    return "{\"kind\":\"INSERT\",\"fields\":[\"%s\",%d]}".formatted(name, amount);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
    Answer answer = new Answer(200, "{}");
    if (path.equals("/v3/sessions")) {
      answer = new Answer(200, "{\"sessionHandle\":\"s1\"}");
    } else if (path.equals(SESSION + "/statements")) {
      answer = new Answer(200, "{\"operationHandle\":\"o1\"}");
    } else if (path.startsWith(OPERATION + "/result/")) {
      // The last answer stays, so that a statement can run for as long as a test wants.
      answer = pages.size() > 1 ? pages.remove() : pages.element();
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
