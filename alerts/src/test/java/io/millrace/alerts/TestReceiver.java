package io.millrace.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server that keeps what it gets, and answers what it is told. */
public final class TestReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile Map<String, String> headers = Map.of();
  private volatile byte[] body = new byte[0];
  private volatile boolean silent;

  /** What has come. */
  public record Call(String path, Map<String, List<String>> headers, byte[] body) {
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().get(0))
          .findFirst()
          .orElse(null);
    }
  }

  private TestReceiver(int port) throws IOException {
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  public static TestReceiver start() {
    return startOn(0);
  }

  /** On the port of one that was closed. */
  public static TestReceiver startOn(int port) {
    try {
      return new TestReceiver(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    calls.add(
        new Call(
            exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), sent));
    if (silent) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
      return;
    }
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  public void answer(int newStatus, Map<String, String> newHeaders, byte[] newBody) {
    headers = newHeaders;
    body = newBody;
    status = newStatus;
  }

  /** Takes what comes and never answers. */
  public void fallSilent() {
    silent = true;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public List<Call> calls() {
    return calls;
  }

  public List<String> messageIds() {
    return calls.stream().map(call -> call.header("millrace-message-id")).toList();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
