package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MillraceEventTest {
  private static final UUID ID = UUID.fromString("019b76da-a800-7000-8000-000000000001");

  @Test
  void writesEachFieldUnderTheNameThatTheGatewayKnows() throws Exception {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("price", new BigDecimal("12.50"));
    more.put("nothing", null);
    MillraceEvent event =
        MillraceEvent.builder("purchase", "v-1")
            .eventId("id-1")
            .occurredAt(Instant.ofEpochMilli(1_767_225_600_000L))
            .ip("203.0.113.9")
            .userAgent("Agent/1.0")
            .userId("u-1")
            .sessionId("s-1")
            .pageUrl("https://www.example.com/a?b=c")
            .pagePath("/a")
            .pageTitle("Ä \"quoted\" title")
            .referrer("https://search.example/")
            .screenResolutionPixels(1920, 1080)
            .viewportPixels(800, 600)
            .deviceType("desktop")
            .os("Linux")
            .browser("Firefox", "140")
            .country("NZ")
            .region("Otago")
            .city("Dunedin")
            .utmSource("news")
            .utmMedium("email")
            .utmCampaign("may")
            .utmTerm("shoes")
            .utmContent("top")
            .entity("product", "p-1")
            .ownerId("o-1")
            .actor("api_client", "c-1")
            .source("shop")
            .revenueCents(1250, "EUR")
            .experiment("checkout", "b")
            .consent("necessary,analytics")
            .sequence(3)
            .engagementMillis(1500)
            .property("id", ID)
            .property("reason", DropReason.QUEUE_FULL)
            .property("list", Arrays.asList(1, 2.5, true, null, "x"))
            .properties(more)
            .build();

    String json = new String(EventJson.write(event), UTF_8);

    assertThat(new ObjectMapper().readTree(json))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"eventId":"id-1","eventType":"purchase","timestamp":1767225600000,
                     "visitorId":"v-1","ip":"203.0.113.9","userAgent":"Agent/1.0","userId":"u-1",
                     "sessionId":"s-1","pageUrl":"https://www.example.com/a?b=c","pagePath":"/a",
                     "pageTitle":"Ä \\"quoted\\" title","referrer":"https://search.example/",
                     "screenResolution":"1920x1080","viewport":"800x600","deviceType":"desktop",
                     "os":"Linux","browser":"Firefox","browserVersion":"140","country":"NZ",
                     "region":"Otago","city":"Dunedin","utmSource":"news","utmMedium":"email",
                     "utmCampaign":"may","utmTerm":"shoes","utmContent":"top",
                     "entityType":"product","entityId":"p-1","ownerId":"o-1",
                     "actorType":"api_client","actorId":"c-1","source":"shop","revenueCents":1250,
                     "currency":"EUR","experiment":"checkout","variant":"b",
                     "consent":"necessary,analytics","sequence":3,
                     "properties":{"engagementMs":1500,
                       "id":"019b76da-a800-7000-8000-000000000001","reason":"QUEUE_FULL",
                       "list":[1,2.5,true,null,"x"],"price":12.50}}
                    """));
    assertThat(json).startsWith("{\"eventId\":").doesNotContain("\n");
  }

  @Test
  void givesANewIdAndTheTimeOfNow() {
    long before = System.currentTimeMillis();

    MillraceEvent event = MillraceEvent.builder("click", "v").build();
    MillraceEvent other = MillraceEvent.builder("click", "v").build();

    assertThat(UUID.fromString(event.eventId()).version()).isEqualTo(7);
    assertThat(event.eventId()).isNotEqualTo(other.eventId());
    assertThat((Long) event.fields().get("timestamp"))
        .isBetween(before, System.currentTimeMillis());
  }

  @Test
  void leavesOutWhatIsNull() throws Exception {
    MillraceEvent event =
        MillraceEvent.builder("click", null)
            .eventId("e")
            .occurredAt(Instant.EPOCH)
            .eventId(null)
            .occurredAt(null)
            .pageUrl("https://www.example.com/")
            .pageUrl(null)
            .entity(null, null)
            .property("x", null)
            .properties(null)
            .build();

    assertThat(new String(EventJson.write(event), UTF_8))
        .isEqualTo("{\"eventId\":\"e\",\"eventType\":\"click\",\"timestamp\":0}");
  }

  @Test
  void isNotChangedByTheBuilderAfterwards() throws Exception {
    MillraceEvent.Builder builder = MillraceEvent.builder("click", "v").property("n", 1);
    MillraceEvent event = builder.build();

    builder.property("n", 2).userId("u");

    assertThat(event.properties()).isEqualTo(Map.of("n", 1));
    assertThat(event.fields()).doesNotContainKey("userId");
    assertThat(List.copyOf(event.fields().keySet()))
        .containsExactly("eventId", "eventType", "timestamp", "visitorId");
  }
}
