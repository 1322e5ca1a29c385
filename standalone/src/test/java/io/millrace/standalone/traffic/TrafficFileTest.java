package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficFileTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SITE = "https://shop.example";
  private static final String LOG =
      """
      192.0.2.7 - - [20/Feb/2016:00:00:45 -0500] "GET /a HTTP/1.1" 200 1 "https://r.example/" "UA"
      192.0.2.7 - - [20/Feb/2016:00:00:46 -0500] "GET /a.css HTTP/1.1" 200 1 "-" "UA"
      broken

      192.0.2.7 - - [20/Feb/2016:00:00:47 -0500] "GET /gone HTTP/1.1" 404 1 "-" "-"
      192.0.2.7 - - [20/Feb/2016:00:00:45 -0500] "GET /a HTTP/1.1" 200 1 "https://r.example/" "UA"
      """;

  @TempDir Path folder;

  @Test
  void makesOneEventOfAPageLine() throws Exception {
    List<OutgoingEvent> events = read(TrafficFile.open(file("a.log", LOG), SITE + "/"));

    assertThat(JSON.readTree(events.get(0).json()))
        .isEqualTo(
            JSON.readTree(
                """
                {"eventId":"%s","eventType":"page_view","timestamp":1455944445000,
                 "visitorId":"v_b7290cd400eafa15","pageUrl":"https://shop.example/a",
                 "referrer":"https://r.example/","userAgent":"UA","ip":"192.0.2.7",
                 "properties":{"method":"GET","status":200,"line":1}}
                """
                    .formatted(events.get(0).eventId())));
  }

  @Test
  void countsEveryLineOnceAndGoesOnAfterABrokenOne() throws Exception {
    TrafficFile log = TrafficFile.open(file("a.log", LOG), SITE);

    List<OutgoingEvent> events = read(log);

    assertThat(events).hasSize(3);
    assertThat(log.counts())
        .isEqualTo(
            new TrafficFile.Counts(
                6,
                3,
                Map.of(LeftOut.STATIC_ASSET, 1L),
                1,
                1,
                List.of("line 3: no client address followed by a space")));
  }

  @Test
  void givesTheSameIdsAgainAndOtherIdsToEqualLines() throws Exception {
    Path log = file("a.log", LOG);

    List<OutgoingEvent> first = read(TrafficFile.open(log, SITE));
    List<OutgoingEvent> second = read(TrafficFile.open(log, "https://other.example"));

    assertThat(second)
        .extracting(OutgoingEvent::eventId)
        .isEqualTo(first.stream().map(OutgoingEvent::eventId).toList())
        .doesNotHaveDuplicates();
    assertThat(first.get(0).visitorId())
        .isEqualTo(first.get(2).visitorId())
        .isNotEqualTo(first.get(1).visitorId());
  }

  @Test
  void knowsGzipByItsContentAndNotByItsName() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(LOG.getBytes(StandardCharsets.UTF_8));
    }
    Path log = Files.write(folder.resolve("plain.log"), zipped.toByteArray());

    assertThat(read(TrafficFile.open(log, SITE))).hasSize(3);

    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(zipped.toByteArray(), 120));
    assertThatThrownBy(() -> read(TrafficFile.open(cut, SITE)))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "Cannot read .*cut after line \\d+: the gzip data is damaged or cut off");
  }

  @Test
  void keepsTheBytesOfNdjsonEventsAndShowsTheFirstThreeBrokenLines() throws Exception {
    String event =
        "{\"timestamp\": 5,\"x\":{\"visitorId\":1}, \"visitorId\":\"ann\",\"eventId\":\"1\"}";
    Path file =
        file(
            "e.json",
            event + "\r\n\n{\"a\":\n[1]\n{} {}\nx\n{\"timestamp\":99999999999999999999}\n");

    TrafficFile events = TrafficFile.open(file, SITE);
    List<OutgoingEvent> read = read(events);

    assertThat(read).hasSize(2);
    assertThat(new String(read.get(0).json(), StandardCharsets.UTF_8)).isEqualTo(event);
    assertThat(read.get(0))
        .extracting("eventId", "visitorId", "timestamp")
        .containsExactly("1", "ann", 5L);
    assertThat(read.get(1)).extracting("eventId", "visitorId", "timestamp").containsOnlyNulls();
    assertThat(events.counts().unreadable()).isEqualTo(4);
    assertThat(events.counts().problems())
        .satisfiesExactly(
            p -> assertThat(p).startsWith("line 3: not JSON: Unexpected end-of-input"),
            p -> assertThat(p).isEqualTo("line 4: not a JSON object; each line is one event, {…}"),
            p ->
                assertThat(p)
                    .isEqualTo(
                        "line 5: more than one JSON value on the line; each line is one event, {…}"));
  }

  @Test
  void passesOverALineThatIsTooLong() throws Exception {
    Path file = file("long.json", "{\"a\":\"" + "x".repeat(TrafficFile.MAX_LINE_BYTES) + "\"}\n{}");

    TrafficFile events = TrafficFile.open(file, SITE);

    assertThat(read(events)).hasSize(1);
    assertThat(events.counts().problems())
        .containsExactly("line 1: the line has 1048584 bytes; at most 1048576 are read");
  }

  @Test
  void saysThatAFileIsMissingOrAFolder() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> TrafficFile.open(missing, SITE))
        .hasMessage("Cannot read " + missing + ": there is no such file");
    assertThatThrownBy(() -> TrafficFile.open(folder, SITE))
        .hasMessage("Cannot read " + folder + ": it is a folder; give an access log or NDJSON");
  }

  /**
   * The reference made its events with rules of its own. Known differences: it counts a search as a
   * page view and a search, it keeps some redirected and left-out pages, and it has no form for
   * POSTs other than comments.
   */
  @Test
  void findsNearlyTheEventsAndVisitorsOfARealLog() throws Exception {
    Path log = SharedData.file("blog-2016/access.log.gz");
    Path reference = SharedData.file("blog-2016/events.ndjson.gz");

    TrafficFile ours = TrafficFile.open(log, "http://sparkdeveloper.com");
    Map<String, Integer> found = types(read(ours));
    TrafficFile theirs = TrafficFile.open(reference, SITE);
    Map<String, Integer> expected = types(read(theirs));

    assertThat(ours.counts().unreadable()).isZero();
    assertThat(ours.counts().lines()).isEqualTo(206_860);
    assertThat(found.get("events")).isCloseTo(expected.get("events"), withinPercentage(1));
    assertThat(found.get("visitors")).isCloseTo(expected.get("visitors"), withinPercentage(1));
    for (String type : List.of("page_view", "api_error")) {
      assertThat(found.get(type)).as(type).isCloseTo(expected.get(type), withinPercentage(1));
    }
  }

  private static Map<String, Integer> types(List<OutgoingEvent> events) throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    Set<String> visitors = new HashSet<>();
    for (OutgoingEvent event : events) {
      JsonNode json = JSON.readTree(event.json());
      counts.merge(json.get("eventType").asText(), 1, Integer::sum);
      visitors.add(event.visitorId());
    }
    counts.put("visitors", visitors.size());
    counts.put("events", events.size());
    return counts;
  }

  private static List<OutgoingEvent> read(TrafficFile file) throws IOException {
    try (file) {
      List<OutgoingEvent> events = new ArrayList<>();
      for (OutgoingEvent event = file.next(); event != null; event = file.next()) {
        events.add(event);
      }
      return events;
    }
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
