package io.millrace.standalone.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;

/**
 * Posts a batch of events to the gateway until there is a verdict on each of them.
 *
 * <p>A batch without an answer, or with the answer "not now", is sent again with the same ids after
 * a growing pause: what had already arrived is then a duplicate to the gateway, so nothing is
 * counted twice. Only the time of sending is stamped anew, because a stale one would look like a
 * client clock that is wrong.
 */
public final class CollectClient {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private static final Duration STRANGER_PATIENCE = Duration.ofSeconds(10);

  private final URI collect;
  private final Options options;
  private final Clock clock;
  private final Pause pause;
  private final HttpClient http;
  private final LongAdder retries = new LongAdder();
  private volatile boolean answered;

  /**
   * How to send.
   *
   * @param gzip worth it between machines, not within one
   * @param requestTimeout after this long without an answer a request is sent again
   * @param giveUpAfter a batch that has no verdict after this long ends the run; after ten seconds
   *     already when there never was an answer, since then there may be no gateway at all
   */
  public record Options(boolean gzip, Duration requestTimeout, Duration giveUpAfter) {
    /** Patient enough for a gateway that is killed and started again. */
    public static final Options DEFAULT =
        new Options(false, Duration.ofSeconds(30), Duration.ofMinutes(2));
  }

  /** Whether events happen now or are history. */
  public enum Timing {
    /** The batch says when it was sent, so that the gateway can correct the client's clock. */
    LIVE,
    /** The events' own times stand. */
    HISTORICAL
  }

  /** One refused event of a batch. */
  public record Rejection(int index, String eventId, String code, String message) {}

  /** The gateway's word on a batch. */
  public record Verdict(int accepted, List<Rejection> rejected) {}

  /** Waits; a test puts a clock in its place. */
  @FunctionalInterface
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  /**
   * @param gateway base URL, for example {@code http://127.0.0.1:8080}
   */
  public CollectClient(URI gateway, Options options) {
    this(gateway, options, Clock.systemUTC(), duration -> Thread.sleep(duration.toMillis()));
  }

  CollectClient(URI gateway, Options options, Clock clock, Pause pause) {
    String base = gateway.toString();
    this.collect = URI.create((base.endsWith("/") ? base : base + "/") + "v1/collect");
    this.options = options;
    this.clock = clock;
    this.pause = pause;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** Requests that had to be sent again so far. */
  public long retries() {
    return retries.sum();
  }

  /**
   * Sends the events in this order and waits for the verdict.
   *
   * @throws CollectException when there will be none; events may have arrived all the same
   */
  public Verdict send(String writeKey, Timing timing, List<OutgoingEvent> events)
      throws CollectException, InterruptedException {
    long startedAt = clock.millis();
    Duration wait = FIRST_PAUSE;
    while (true) {
      String trouble;
      IOException cause = null;
      Duration asked = Duration.ZERO;
      try {
        HttpResponse<byte[]> response =
            http.send(request(writeKey, timing, events), HttpResponse.BodyHandlers.ofByteArray());
        answered = true;
        int status = response.statusCode();
        if (status == 413 && events.size() > 1) {
          return sendHalves(writeKey, timing, events);
        }
        if (!isNotNow(status)) {
          return verdict(response, events);
        }
        trouble = "it answers " + status + detail(response);
        asked = retryAfter(response);
      } catch (IOException e) {
        trouble = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        cause = e;
      }

      Duration next = asked.compareTo(wait) > 0 ? asked : wait;
      long waited = clock.millis() - startedAt;
      if (waited + next.toMillis() > patience().toMillis()) {
        throw new CollectException(
            CollectException.Kind.GATEWAY_AWAY,
            "Cannot send to %s: %s; gave up after %d s. Start it with: millrace up"
                .formatted(collect, trouble, waited / 1000),
            cause);
      }
      retries.increment();
      pause.of(next);
      wait = wait.multipliedBy(2);
      if (wait.compareTo(LONGEST_PAUSE) > 0) {
        wait = LONGEST_PAUSE;
      }
    }
  }

  private Duration patience() {
    boolean stranger = !answered && options.giveUpAfter().compareTo(STRANGER_PATIENCE) > 0;
    return stranger ? STRANGER_PATIENCE : options.giveUpAfter();
  }

  private Verdict sendHalves(String writeKey, Timing timing, List<OutgoingEvent> events)
      throws CollectException, InterruptedException {
    int half = events.size() / 2;
    Verdict first = send(writeKey, timing, events.subList(0, half));
    Verdict second = send(writeKey, timing, events.subList(half, events.size()));
    List<Rejection> rejected = new ArrayList<>(first.rejected());
    for (Rejection r : second.rejected()) {
      rejected.add(new Rejection(r.index() + half, r.eventId(), r.code(), r.message()));
    }
    return new Verdict(first.accepted() + second.accepted(), rejected);
  }

  private HttpRequest request(String writeKey, Timing timing, List<OutgoingEvent> events) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(collect)
            .timeout(options.requestTimeout())
            .header("Authorization", "Bearer " + writeKey)
            .header("Content-Type", "application/json");
    byte[] body = body(timing, events);
    if (options.gzip()) {
      request.header("Content-Encoding", "gzip");
      body = gzip(body);
    }
    return request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  private byte[] body(Timing timing, List<OutgoingEvent> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(events.size() * 512);
    out.writeBytes("{\"events\":[".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(events.get(i).json());
    }
    String end =
        timing == Timing.LIVE ? "],\"metadata\":{\"sentAt\":" + clock.millis() + "}}" : "]}";
    out.writeBytes(end.getBytes(StandardCharsets.UTF_8));
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

  private static boolean isNotNow(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  /** Seconds only: the gateway never answers with a date. */
  private static Duration retryAfter(HttpResponse<?> response) {
    String header = response.headers().firstValue("Retry-After").orElse("");
    return header.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(header)) : Duration.ZERO;
  }

  private Verdict verdict(HttpResponse<byte[]> response, List<OutgoingEvent> events)
      throws CollectException {
    int status = response.statusCode();
    if (status == 204) {
      return new Verdict(events.size(), List.of());
    }
    JsonNode body = json(response);
    if ((status == 200 || status == 400) && body.path("rejected").isArray()) {
      List<Rejection> rejected = new ArrayList<>();
      for (JsonNode r : body.get("rejected")) {
        rejected.add(
            new Rejection(
                r.path("index").asInt(-1),
                r.path("eventId").asText(null),
                r.path("code").asText("unknown"),
                r.path("message").asText("")));
      }
      return new Verdict(events.size() - rejected.size(), rejected);
    }
    if (status == 200) {
      return new Verdict(events.size(), List.of());
    }
    if (status == 400 || status == 413) {
      return allRejected(body.path("code").asText("http_" + status), detail(response), events);
    }
    throw new CollectException(
        CollectException.Kind.SENDER_REFUSED,
        "Cannot send to %s: it answers %d%s".formatted(collect, status, detail(response)),
        null);
  }

  private static Verdict allRejected(String code, String detail, List<OutgoingEvent> events) {
    String message = "the whole request was refused" + detail;
    List<Rejection> rejected = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      rejected.add(new Rejection(i, events.get(i).eventId(), code, message));
    }
    return new Verdict(0, rejected);
  }

  /** What a problem document says, as the end of a sentence. */
  private static String detail(HttpResponse<byte[]> response) {
    JsonNode body = json(response);
    String detail = body.path("detail").asText(body.path("title").asText(""));
    return detail.isEmpty() ? "" : " (" + detail + ")";
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      return JSON.missingNode(); // a proxy's HTML page: the status says enough
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read JSON from memory", e);
    }
  }
}
