package io.millrace.domain.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.domain.event.Event;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of {@code lake.events} that a definition may ask for, by the column's name. */
enum EventColumn {
  ENTITY_TYPE(event -> event.entityType),
  ENTITY_ID(event -> event.entityId),
  OWNER_ID(event -> event.ownerId),
  ACTOR_TYPE(event -> event.actorType),
  ACTOR_ID(event -> event.actorId),
  SOURCE(event -> event.source),
  CHANNEL(event -> event.channel),
  TRAFFIC_SOURCE(event -> event.trafficSource),
  TRAFFIC_MEDIUM(event -> event.trafficMedium),
  TRAFFIC_CAMPAIGN(event -> event.trafficCampaign),
  USER_ID(event -> event.userId),
  PAGE_TITLE(event -> event.pageTitle),
  BROWSER(event -> event.browser),
  OS(event -> event.os),
  DEVICE_TYPE(event -> event.deviceType),
  COUNTRY(event -> event.country),
  REGION(event -> event.region),
  CITY(event -> event.city),
  EXPERIMENT(event -> event.experiment),
  VARIANT(event -> event.variant),
  CURRENCY(event -> event.currency),
  REVENUE_CENTS(event -> event.revenueCents),
  BOT(event -> event.bot);

  static final String NAMES =
      Arrays.stream(values()).map(EventColumn::columnName).collect(Collectors.joining(", "));

  private final Function<Event, Object> value;

  EventColumn(Function<Event, Object> value) {
    this.value = value;
  }

  /** The column of that name, or null. */
  static EventColumn named(String name) {
    for (EventColumn column : values()) {
      if (column.columnName().equals(name)) {
        return column;
      }
    }
    return null;
  }

  /** Null where the event has none. */
  JsonNode value(Event event) {
    Object given = value.apply(event);
    if (given instanceof Long number) {
      return LongNode.valueOf(number);
    }
    if (given instanceof Boolean flag) {
      return BooleanNode.valueOf(flag);
    }
    return given == null ? null : TextNode.valueOf((String) given);
  }

  private String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
