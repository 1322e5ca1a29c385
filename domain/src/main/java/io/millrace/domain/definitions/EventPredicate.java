package io.millrace.domain.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.Event;
import java.util.Map;
import java.util.Set;

/**
 * Which events a goal or a step means: all that is given must hold. Thread-safe.
 *
 * @param events event types, one of which it must be; empty for any
 * @param page null for any
 * @param fields conditions on {@link EventColumn}s
 * @param properties conditions on the event's own properties, by name
 */
record EventPredicate(
    Set<String> events,
    PagePattern page,
    Map<EventColumn, ValueCondition> fields,
    Map<String, ValueCondition> properties) {

  boolean holds(Event event, ParsedProperties ofEvent) {
    if (!events.isEmpty() && !events.contains(event.eventType)) {
      return false;
    }
    if (page != null && !page.matches(event.pagePath)) {
      return false;
    }
    for (Map.Entry<EventColumn, ValueCondition> field : fields.entrySet()) {
      if (!field.getValue().holds(field.getKey().value(event))) {
        return false;
      }
    }
    for (Map.Entry<String, ValueCondition> property : properties.entrySet()) {
      JsonNode value = ofEvent.node().get(property.getKey());
      if (!property.getValue().holds(value)) {
        return false;
      }
    }
    return true;
  }
}
