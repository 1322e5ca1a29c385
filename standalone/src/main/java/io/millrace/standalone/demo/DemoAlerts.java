package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.standalone.traffic.DemoTraffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who is alerted of the demo's shop: a rule, and a receiver on this machine. */
public final class DemoAlerts implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Path rules;
  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();

  private DemoAlerts(HttpServer server, Path rules) {
    this.server = server;
    this.rules = rules;
  }

  /**
   * Starts to listen, and writes the rule.
   *
   * @param folder of the tenants' alert rules
   */
  public static DemoAlerts start(Path folder) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    DemoAlerts alerts =
        new DemoAlerts(server, Files.createDirectories(folder).resolve(DemoTraffic.SHOP + ".yaml"));
    server.createContext("/", alerts::receive);
    server.start();
    Files.writeString(
        alerts.rules,
        """
        channels:
          demo:
            kind: webhook
            url: "http://127.0.0.1:%d/"
            secret: "%s"
            allow: [http, private-addresses]
        rules:
          unusual:
            to: [demo]
            anomaly: {severity: notice, metrics: [events, page_views], groupings: [all]}
        """
            .formatted(server.getAddress().getPort(), UUID.randomUUID()));
    return alerts;
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      received.add(JSON.readTree(exchange.getRequestBody()));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  /**
   * Waits for the first alert of a window that begins then.
   *
   * @return its text; empty if none came in time
   */
  public Optional<String> await(Instant window, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      JsonNode alert = received.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (alert == null) {
        return Optional.empty();
      }
      if (Instant.parse(alert.path("windowStart").asText()).equals(window)) {
        return Optional.of(alert.path("title").asText() + '\n' + alert.path("text").asText());
      }
    }
  }

  /** Takes the rule away: nobody would listen any more. */
  @Override
  public void close() throws IOException {
    server.stop(0);
    Files.deleteIfExists(rules);
  }
}
