package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Calls a gateway as a sender would, and looks at its counters. */
final class GatewayCalls {
  private static int ids;

  private final HttpClient client;
  private final String base;

  GatewayCalls(IngestGateway gateway) {
    this(gateway, HttpClient.Version.HTTP_1_1);
  }

  GatewayCalls(IngestGateway gateway, HttpClient.Version version) {
    this.client = HttpClient.newBuilder().version(version).build();
    this.base = "http://127.0.0.1:" + gateway.port();
  }

  static String newId() {
    return "id-" + ++ids + "-end";
  }

  static String event(String id, String fields) {
    return "{\"eventId\":\""
        + id
        + "\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\"v1\""
        + fields
        + "}";
  }

  /** A batch of so many good events. */
  static String batch(int events) {
    return IntStream.range(0, events)
        .mapToObj(i -> event(newId(), ""))
        .collect(Collectors.joining(",", "[", "]"));
  }

  HttpResponse<String> post(String path, String key, String body)
      throws IOException, InterruptedException {
    return send(json(path, key).POST(BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder json(String path, String key) {
    return request(path)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return ApiContract.checked(client.send(request.build(), BodyHandlers.ofString()));
  }

  HttpClient client() {
    return client;
  }

  static void assertProblem(
      HttpResponse<String> answer, int status, String code, String detailStart) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("application/problem+json; charset=utf-8");
    assertThat(answer.body().replace("\\\"", "\""))
        .contains(
            "\"status\":" + status, "\"code\":\"" + code + "\"", "\"detail\":\"" + detailStart);
  }

  /** The sum over all series whose name (and labels) start so. */
  double metric(String start) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
