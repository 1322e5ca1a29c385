package io.millrace.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentFormTest {
  private static final long NOW = 1_767_225_600_000L;
  private static final Envelope ENVELOPE =
      new Envelope("acme", NOW, null, false, null, null, null, null, null);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Order Completed, order_completed",
    "Viewed Product, product_view",
    "Product Added, add_to_cart",
    "Removed Product, remove_from_cart",
    "Signed Up, user_signup",
    "User Registered, user_signup",
    "Email Link Clicked, email_click",
    "Video Playback Buffer Started, video_playback_buffer_started",
    "songPlayed, song_played",
    "  2nd Step!, nd_step",
    "注文, custom_event"
  })
  void makesATypeOfTheNameOfATrackCall(String name, String type) {
    assertThat(SegmentForm.eventType(name)).isEqualTo(type);
  }

  @Test
  void keepsWhatATrackCallSays() throws Exception {
    JsonNode batch =
        SegmentForm.batch(
            "track",
            json(
                "{'anonymousId':'a1','userId':'u1','messageId':'m1','event':'Order Completed',"
                    + "'timestamp':'2025-12-31T23:59:59.500Z','sentAt':'2025-12-31T23:59:59.900Z',"
                    + "'properties':{'revenue':14.99,'currency':'EUR'},'context':{'ip':'8.8.8.8',"
                    + "'page':{'url':'https://e.example/x','title':'T','referrer':'https://r.example/'},"
                    + "'campaign':{'name':'c','source':'s'},'screen':{'width':800,'height':600}}}"),
            NOW);

    assertThat(Json.MAPPER.readTree(batch.toString()))
        .isEqualTo(
            json(
                "{'events':[{'eventId':'m1','timestamp':1767225599500,'visitorId':'a1','userId':'u1',"
                    + "'source':'segment','eventType':'order_completed',"
                    + "'pageUrl':'https://e.example/x','pageTitle':'T',"
                    + "'referrer':'https://r.example/','ip':'8.8.8.8','utmSource':'s',"
                    + "'utmCampaign':'c','screenResolution':'800x600','revenueCents':1499,"
                    + "'currency':'EUR','properties':{'revenue':14.99,'currency':'EUR',"
                    + "'event':'Order Completed'}}],'metadata':{'sentAt':1767225599900}}"));
  }

  @Test
  void givesTheSameIdToTheSameContentOnlyIfItSaysWhen() throws Exception {
    JsonNode timed = json("{'userId':'u','event':'A','timestamp':'2025-12-31T23:59:59Z'}");
    JsonNode untimed = json("{'userId':'u','event':'A'}");

    assertThat(id("track", timed)).isEqualTo(id("track", timed)).startsWith("c-").hasSize(42);
    assertThat(id("track", untimed)).isNotEqualTo(id("track", untimed));
  }

  @Test
  void refusesWhatIsNoCallAndKeepsItsNeighbours() throws Exception {
    JsonNode batch =
        SegmentForm.batch(
            "batch",
            json("{'batch':[{'type':'page','userId':'u'},{'type':'dance','userId':'u'},7]}"),
            NOW);

    assertThat(read(batch.at("/events/0"))).isEqualTo("page_view");
    assertThat(read(batch.at("/events/1"))).startsWith("eventType is missing");
    assertThat(read(batch.at("/events/2"))).startsWith("the event is a number");
  }

  @Test
  void readsTheExamplesOfTheProtocol() throws Exception {
    String folder = System.getenv("MILLRACE_SHARED");
    Path file =
        Path.of(folder == null ? "../shared" : folder, "data", "segment-spec", "payloads.ndjson");
    assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
    Map<String, Integer> seen = new TreeMap<>();

    for (String line : Files.readAllLines(file)) {
      JsonNode payload = Json.MAPPER.readTree(line).get("payload");
      String call = payload.has("batch") ? "batch" : kind(payload);
      for (JsonNode event : SegmentForm.batch(call, payload, NOW).get("events")) {
        seen.merge(read(event), 1, Integer::sum);
      }
    }

    assertThat(seen)
        .containsEntry("order_completed", 1)
        .containsEntry("product_view", 1)
        .containsEntry("add_to_cart", 1)
        .containsEntry("remove_from_cart", 1)
        .containsEntry("user_signup", 1)
        .containsEntry("email_open", 1)
        .containsEntry("video_play", 1);
    // Some examples leave out who it was, and two have a month of one digit.
    assertThat(seen.keySet().stream().filter(one -> one.contains(" ")))
        .containsExactly(
            "timestamp is the text \"2015-2-02T00:30:08.276Z\"; give epoch milliseconds as a number",
            "timestamp is the text \"2015-2-02T00:30:12.984Z\"; give epoch milliseconds as a number",
            "visitorId is missing; eventId, eventType, timestamp and visitorId are required");
  }

  /** The examples of the HTTP API say their call only in the path. */
  private static String kind(JsonNode payload) {
    if (payload.has("type") || payload.has("action")) {
      return Json.text(payload, "type", "action");
    }
    if (payload.has("event")) {
      return "track";
    }
    if (payload.has("groupId")) {
      return "group";
    }
    if (payload.has("previousId")) {
      return "alias";
    }
    return payload.has("traits") ? "identify" : "page";
  }

  private static String id(String call, JsonNode body) {
    return SegmentForm.batch(call, body, NOW).at("/events/0/eventId").asText();
  }

  private static String read(JsonNode event) throws Exception {
    try {
      Event read = new EventReader().read(Json.MAPPER.writeValueAsBytes(event), ENVELOPE);
      return read.eventType;
    } catch (RefusedException e) {
      return e.getMessage();
    }
  }

  private static JsonNode json(String text) throws Exception {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }
}
