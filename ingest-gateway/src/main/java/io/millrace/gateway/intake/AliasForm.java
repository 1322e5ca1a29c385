package io.millrace.gateway.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.CaseFormat;
import io.millrace.domain.event.EventReader;
import java.util.List;
import java.util.Map;

/**
 * Bodies of older senders: our events with {@code snake_case} names, and with what is missing
 * filled in where that can be done without a guess.
 *
 * <p>Without an id an event gets one from its content if that says when it happened, so that it can
 * be sent again; else a random one. Without a time it happened when it came. Without a visitor the
 * session stands for it, else the user; without these it is refused, since a made-up visitor would
 * be counted as one.
 */
public final class AliasForm {
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "id", "eventId",
          "event", "eventType",
          "type", "eventType",
          "url", "pageUrl",
          "path", "pagePath",
          "title", "pageTitle",
          "referer", "referrer",
          "ip_address", "ip",
          "anonymous_id", "visitorId");

  private final String defaultType;

  /** Reads events that name their type. */
  public AliasForm() {
    this(null);
  }

  /**
   * Reads events of one type.
   *
   * @param defaultType of an event that names none, or null if each has to
   */
  public AliasForm(String defaultType) {
    this.defaultType = defaultType;
  }

  /** A batch as {@code /v1/collect} takes it, from one event, an array, or {@code events}. */
  public JsonNode batch(JsonNode body, long nowMillis) {
    ObjectNode batch = Json.MAPPER.createObjectNode();
    ArrayNode events = batch.putArray("events");
    JsonNode given = body.isObject() && body.path("events").isArray() ? body.get("events") : body;
    if (given.isArray()) {
      given.forEach(one -> events.add(event(one, nowMillis)));
    } else {
      events.add(event(given, nowMillis));
    }
    if (given != body) {
      JsonNode about = body.path("metadata");
      JsonNode sentAt = Json.first(about, "sentAt", "sent_at");
      sentAt = sentAt == null ? Json.first(body, "sentAt", "sent_at") : sentAt;
      Json.put(batch.putObject("metadata"), "sentAt", Json.time(sentAt));
    }
    return batch;
  }

  /** One event; what is no object is handed on, to be refused. */
  public JsonNode event(JsonNode given, long nowMillis) {
    if (!given.isObject()) {
      return given;
    }
    ObjectNode event = named(given);
    if (!event.has("eventType")) {
      Json.put(event, "eventType", defaultType);
    }
    if (!event.has("eventId")) {
      boolean timed = event.has("timestamp");
      event.put("eventId", timed ? EventIds.ofContent(given.toString()) : EventIds.random());
    }
    if (!event.has("timestamp")) {
      event.put("timestamp", nowMillis);
    }
    return event;
  }

  /**
   * A row of an import: its id follows from its content if it has none, and its time is its own.
   */
  static JsonNode row(JsonNode given) {
    if (!given.isObject()) {
      return given;
    }
    ObjectNode event = named(given);
    if (!event.has("eventId")) {
      event.put("eventId", EventIds.ofContent(given.toString()));
    }
    return event;
  }

  /** The event under our names. */
  private static ObjectNode named(JsonNode given) {
    ObjectNode event = Json.MAPPER.createObjectNode();
    given
        .fields()
        .forEachRemaining(
            field -> {
              if (!(field.getKey().equals("metadata") && field.getValue().isObject())) {
                add(event, field.getKey(), field.getValue());
              }
            });
    // What is said beside the event does not replace what it says itself.
    if (given.path("metadata").isObject()) {
      given.get("metadata").fields().forEachRemaining(f -> add(event, f.getKey(), f.getValue()));
    }
    entity(event, "link", "link_id", "linkId");
    entity(event, "profile", "profile_id", "profileId");
    if (event.has("timestamp")) {
      event.set("timestamp", Json.time(event.get("timestamp")));
    }
    if (!event.has("visitorId")) {
      Json.put(event, "visitorId", Json.text(event, "sessionId", "userId"));
    }
    return event;
  }

  /** Adds a field under our name; the first of two that mean the same wins, nulls mean nothing. */
  private static void add(ObjectNode event, String name, JsonNode value) {
    String ours = ourName(name);
    if (!value.isNull() && !event.has(ours)) {
      event.set(ours, value);
    }
  }

  private static String ourName(String name) {
    if (EventReader.knows(name)) {
      return name;
    }
    String other = OTHER_NAMES.get(name);
    if (other != null) {
      return other;
    }
    if (name.equals("session") || name.equals("visitor") || name.equals("user")) {
      return name + "Id";
    }
    String camel = CaseFormat.LOWER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, name);
    return name.indexOf('_') > 0 && EventReader.knows(camel) ? camel : name;
  }

  private static void entity(ObjectNode event, String type, String... names) {
    String id = Json.text(event, names);
    if (id != null && !event.has("entityType") && !event.has("entityId")) {
      event.put("entityType", type);
      event.put("entityId", id);
      event.remove(List.of(names));
    }
  }
}
