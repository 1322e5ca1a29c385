package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

/** Posts a batch once and reads the answer. */
final class GatewayConnection {
  /** Room for what stands around the events of a batch. */
  static final int ENVELOPE_BYTES = 256;

  private static final int WORTH_COMPRESSING_BYTES = 1024;
  private static final String SDK_VERSION = "java/" + version();

  private final URI collect;
  private final ClientOptions options;
  private final HttpClient http;

  GatewayConnection(ClientOptions options) {
    String base = options.gateway().toString();
    this.collect = URI.create((base.endsWith("/") ? base : base + "/") + "v1/collect");
    this.options = options;
    // HTTP/1.1: one request at a time gains nothing by HTTP/2, and an upgrade from plain http costs
    // each first request.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.connectTimeout())
            .build();
  }

  private static String version() {
    try (InputStream in = GatewayConnection.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the client's own version", e);
    }
  }

  URI collect() {
    return collect;
  }

  Answer post(List<QueuedEvent> events) throws InterruptedException {
    byte[] body = body(events);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(collect)
            .header("Authorization", "Bearer " + options.writeKey())
            .header("Content-Type", "application/json");
    if (body.length >= WORTH_COMPRESSING_BYTES) {
      request.header("Content-Encoding", "gzip");
      body = gzip(body);
    }
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(
            request.POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
    try {
      // The request's own timeout ends with the answer's headers; a body may hang for ever.
      HttpResponse<byte[]> response =
          exchange.get(options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
      return Answer.of(
          response.statusCode(),
          response.headers().firstValue("Retry-After").orElse(null),
          response.body(),
          events.size());
    } catch (TimeoutException e) {
      return Answer.noAnswer(
          "it did not answer within " + options.requestTimeout().toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String message = cause.getMessage();
      return Answer.noAnswer(
          "it does not answer ("
              + cause.getClass().getSimpleName()
              + (message == null ? "" : ": " + message)
              + ')');
    } finally {
      exchange.cancel(true); // without effect on one that is done
    }
  }

  private static byte[] body(List<QueuedEvent> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("{\"events\":[".getBytes(UTF_8));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(events.get(i).json());
    }
    // Stamped anew at each try: a stale time of sending would look like a clock that is wrong.
    String end =
        "],\"metadata\":{\"sentAt\":"
            + System.currentTimeMillis()
            + ",\"sdkVersion\":\""
            + SDK_VERSION
            + "\"}}";
    out.writeBytes(end.getBytes(UTF_8));
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot gzip in memory", e);
    }
    return out.toByteArray();
  }
}
