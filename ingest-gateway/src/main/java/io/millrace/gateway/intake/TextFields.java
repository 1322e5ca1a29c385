package io.millrace.gateway.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Pattern;

/** Fields of an event where everything is text: in a query, or in a CSV row. */
public final class TextFields {
  private static final Set<String> NUMBERS =
      Set.of("timestamp", "revenueCents", "revenue_cents", "sequence");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

  private TextFields() {}

  /** Adds a field, as a number where the event's field is one. */
  public static void put(ObjectNode event, String name, String value) {
    if (NUMBERS.contains(name) && WHOLE.matcher(value).matches()) {
      event.put(name, Long.parseLong(value));
    } else {
      event.put(name, value);
    }
  }
}
