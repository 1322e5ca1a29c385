package io.millrace.gateway.access;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a write key allows.
 *
 * @param eventTypes the only types it may send; empty for all
 * @param origins the web sites whose pages may use it
 * @param requests at most so many requests, or null for no limit
 * @param events at most so many events, or null for no limit
 */
public record KeyPolicy(
    Set<String> eventTypes, AllowedOrigins origins, Rate requests, Rate events) {
  /** No limits. */
  public static final KeyPolicy OPEN = new KeyPolicy(Set.of(), AllowedOrigins.ALL, null, null);

  private static final Pattern EVENT_TYPE = Pattern.compile("[a-z][a-z0-9_.]{0,63}");

  public KeyPolicy {
    for (String type : eventTypes) {
      if (!EVENT_TYPE.matcher(type).matches()) {
        throw new IllegalArgumentException(
            "the event type is \""
                + type
                + "\"; it starts with a letter a-z and goes on with a-z, 0-9, _ and ., at most 64");
      }
    }
    eventTypes = Set.copyOf(eventTypes);
  }

  /** Whether the key may send events of this type. */
  public boolean allowsType(String eventType) {
    return eventTypes.isEmpty() || eventTypes.contains(eventType);
  }

  /** The allowed types in order, for people. */
  public Set<String> sortedTypes() {
    return new TreeSet<>(eventTypes);
  }
}
