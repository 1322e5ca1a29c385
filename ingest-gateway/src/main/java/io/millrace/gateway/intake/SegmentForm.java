package io.millrace.gateway.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Bodies in the form of the Segment protocol: {@code track}, {@code page}, {@code identify}, {@code
 * screen}, {@code group}, {@code alias}, and {@code batch} of these.
 */
public final class SegmentForm {
  /** The calls, as they stand in a path. */
  public static final List<String> CALLS =
      List.of("track", "page", "identify", "screen", "group", "alias", "batch");

  /** What the catalogue has a word for; every other name becomes {@code snake_case}. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("product_viewed", "product_view"),
          Map.entry("viewed_product", "product_view"),
          Map.entry("product_clicked", "product_click"),
          Map.entry("product_list_viewed", "product_list_view"),
          Map.entry("viewed_product_category", "product_list_view"),
          Map.entry("product_shared", "product_share"),
          Map.entry("product_added", "add_to_cart"),
          Map.entry("added_product", "add_to_cart"),
          Map.entry("product_removed", "remove_from_cart"),
          Map.entry("removed_product", "remove_from_cart"),
          Map.entry("product_added_to_wishlist", "add_to_wishlist"),
          Map.entry("cart_viewed", "cart_view"),
          Map.entry("checkout_started", "checkout_start"),
          Map.entry("checkout_step_viewed", "checkout_step"),
          Map.entry("order_refunded", "refund"),
          Map.entry("products_searched", "search_query"),
          Map.entry("signed_up", "user_signup"),
          Map.entry("user_registered", "user_signup"),
          Map.entry("signed_in", "user_login"),
          Map.entry("signed_out", "user_logout"),
          Map.entry("invite_sent", "user_invite"),
          Map.entry("email_opened", "email_open"),
          Map.entry("email_link_clicked", "email_click"),
          Map.entry("experiment_viewed", "experiment_exposure"),
          Map.entry("video_playback_started", "video_play"),
          Map.entry("video_playback_completed", "video_complete"));

  /** Beyond it hundredths are no longer exact in what the amounts are read as. */
  private static final double MAX_AMOUNT = 1e13;

  private SegmentForm() {}

  /**
   * A batch as {@code /v1/collect} takes it.
   *
   * @param call the path's last part
   */
  public static JsonNode batch(String call, JsonNode body, long nowMillis) {
    ObjectNode batch = Json.MAPPER.createObjectNode();
    ArrayNode events = batch.putArray("events");
    JsonNode many = body.path("batch");
    if (many.isArray()) {
      many.forEach(one -> events.add(event(null, one, body.path("context"), nowMillis)));
    } else {
      events.add(event(call.equals("batch") ? null : call, body, body.path("none"), nowMillis));
    }
    JsonNode sentAt = Json.time(Json.first(body, "sentAt", "sent_at"));
    if (sentAt != null && sentAt.isIntegralNumber()) {
      batch.putObject("metadata").set("sentAt", sentAt);
    }
    return batch;
  }

  private static JsonNode event(String call, JsonNode given, JsonNode shared, long nowMillis) {
    if (!given.isObject()) {
      return given;
    }
    ObjectNode event = Json.MAPPER.createObjectNode();
    JsonNode context = given.path("context").isObject() ? given.get("context") : shared;
    JsonNode properties = given.path("properties");
    JsonNode time = Json.first(given, "originalTimestamp", "timestamp");
    String messageId = Json.text(given, "messageId", "message_id");
    if (messageId != null) {
      event.put("eventId", EventIds.fitting(messageId));
    } else {
      event.put(
          "eventId",
          time == null ? EventIds.random() : EventIds.ofContent(call + given.toString()));
    }
    event.set("timestamp", time == null ? event.numberNode(nowMillis) : Json.time(time));
    String userId = Json.text(given, "userId", "user_id");
    String anonymousId = Json.text(given, "anonymousId", "anonymous_id");
    Json.put(event, "visitorId", anonymousId == null ? userId : anonymousId);
    Json.put(event, "userId", userId);
    event.put("source", "segment");

    String kind = call == null ? Json.text(given, "type", "action") : call;
    ObjectNode kept = event.objectNode();
    if (properties.isObject()) {
      kept.setAll((ObjectNode) properties);
    }
    Json.put(kept, "traits", Json.first(given, "traits"));
    type(event, kind, given, kept);
    about(event, context, kind, properties);
    money(event, properties);
    if (!kept.isEmpty()) {
      event.set("properties", kept);
    }
    return event;
  }

  /** What happened; an event whose kind is not known has no type, and is refused for that. */
  private static void type(ObjectNode event, String kind, JsonNode given, ObjectNode kept) {
    switch (kind == null ? "" : kind) {
      case "track" -> {
        String name = Json.text(given, "event");
        if (name != null) {
          event.put("eventType", eventType(name));
          kept.put("event", name);
        }
      }
      case "page" -> event.put("eventType", "page_view");
      case "screen" -> event.put("eventType", "screen_view");
      case "identify", "group", "alias" -> event.put("eventType", kind);
      default -> {}
    }
    Json.put(kept, "name", kept.has("name") ? null : Json.text(given, "name"));
    Json.put(kept, "previousId", Json.text(given, "previousId", "previous_id"));
    String groupId = Json.text(given, "groupId", "group_id");
    String productId = Json.text(kept, "product_id", "productId", "id", "sku");
    String type = event.path("eventType").asText();
    if (groupId != null) {
      event.put("entityType", "group").put("entityId", groupId);
    } else if (productId != null && (type.startsWith("product_") || type.endsWith("_cart"))) {
      event.put("entityType", "product").put("entityId", productId);
    }
  }

  /** The name of a {@code track} call as an event type. */
  static String eventType(String name) {
    String snake =
        name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.]+", "_")
            .replaceAll("^[^a-z]+|_+$", "");
    // A name without a Latin letter is kept as the property "event".
    return snake.isEmpty() ? "custom_event" : TYPES.getOrDefault(snake, snake);
  }

  private static void about(ObjectNode event, JsonNode context, String kind, JsonNode properties) {
    JsonNode page = context.path("page");
    JsonNode own = "page".equals(kind) ? properties : page.path("none");
    Json.put(event, "pageUrl", either(own, page, "url"));
    Json.put(event, "pagePath", either(own, page, "path"));
    Json.put(event, "pageTitle", either(own, page, "title"));
    Json.put(event, "referrer", either(own, page, "referrer"));
    Json.put(event, "userAgent", Json.text(context, "userAgent", "user_agent"));
    Json.put(event, "ip", Json.text(context, "ip"));
    JsonNode campaign = context.path("campaign");
    Json.put(event, "utmSource", Json.text(campaign, "source"));
    Json.put(event, "utmMedium", Json.text(campaign, "medium"));
    Json.put(event, "utmCampaign", Json.text(campaign, "name"));
    Json.put(event, "utmTerm", Json.text(campaign, "term"));
    Json.put(event, "utmContent", Json.text(campaign, "content"));
    JsonNode screen = context.path("screen");
    if (screen.path("width").isIntegralNumber() && screen.path("height").isIntegralNumber()) {
      event.put(
          "screenResolution", screen.get("width").asText() + 'x' + screen.get("height").asText());
    }
    Json.put(event, "os", Json.text(context.path("os"), "name"));
  }

  private static String either(JsonNode own, JsonNode page, String name) {
    String text = Json.text(own, name);
    return text == null ? Json.text(page, name) : text;
  }

  /**
   * Revenue is given in whole units; US dollars where no currency is named, as the protocol says.
   */
  private static void money(ObjectNode event, JsonNode properties) {
    JsonNode revenue = properties.path("revenue");
    if (revenue.isNumber() && Math.abs(revenue.doubleValue()) < MAX_AMOUNT) {
      event.put("revenueCents", Math.round(revenue.doubleValue() * 100));
      String currency = Json.text(properties, "currency");
      event.put("currency", currency == null ? "USD" : currency);
    }
  }
}
