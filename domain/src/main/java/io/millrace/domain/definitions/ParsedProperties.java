package io.millrace.domain.definitions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.domain.event.Event;

/** One event's properties, parsed when a definition first asks for them: most events are not. */
final class ParsedProperties {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Event event;
  private JsonNode node;

  ParsedProperties(Event event) {
    this.event = event;
  }

  JsonNode node() {
    if (node == null) {
      try {
        node =
            event.properties == null
                ? JsonNodeFactory.instance.objectNode()
                : JSON.readTree(event.properties);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(event + " has properties that are no JSON", e);
      }
    }
    return node;
  }
}
