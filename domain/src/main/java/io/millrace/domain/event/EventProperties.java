package io.millrace.domain.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the free part of one event as compact JSON text: the fields of {@code properties} and
 * the event's unknown fields. Order and numbers stay as the sender wrote them.
 */
final class EventProperties {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();
  private static final String ENGAGEMENT = "engagementMs";

  /** What a nested value may still go down, seen from a field of the event: the event is 1. */
  private static final int LEVEL_OF_EVENT = 1;

  private final StringBuilder given = new StringBuilder();
  private Names givenNames;
  private Names unknownNames;
  private List<String> unknownTexts;
  private int count;
  private boolean engagementGiven;
  private long engagementMs;

  /** Reads the object under {@code properties}; the parser stands at its start. */
  void readGiven(JsonParser parser) throws IOException, RefusedException {
    givenNames = new Names();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      countOne();
      requireNew(givenNames, name, "properties");
      requireName(name);
      JsonToken token = parser.nextToken();
      if (name.equals(ENGAGEMENT)) {
        engagementGiven = true;
        engagementMs = engagement(parser, token);
      }
      appendField(given, name);
      copy(parser, token, given, LEVEL_OF_EVENT + 1, name);
    }
  }

  /** Reads the value of a field that no rule knows; the parser stands at the value. */
  void readUnknown(JsonParser parser, String name) throws IOException, RefusedException {
    if (unknownNames == null) {
      unknownNames = new Names();
      unknownTexts = new ArrayList<>();
    }
    requireNew(unknownNames, name, "the event");
    requireName(name);
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    countOne();
    if (name.equals(ENGAGEMENT) && !engagementGiven) {
      engagementMs = engagement(parser, token);
    }
    StringBuilder text = new StringBuilder();
    copy(parser, token, text, LEVEL_OF_EVENT, name);
    unknownTexts.add(name);
    unknownTexts.add(text.toString());
  }

  long engagementMs() {
    return engagementMs;
  }

  /** The whole as one JSON object, or null when it is empty. */
  String text() {
    if (unknownTexts != null) {
      for (int i = 0; i < unknownTexts.size(); i += 2) {
        String name = unknownTexts.get(i);
        if (givenNames == null || !givenNames.contains(name)) {
          appendField(given, name);
          given.append(unknownTexts.get(i + 1));
        }
      }
    }
    return given.length() == 0 ? null : given.append('}').toString();
  }

  private void countOne() throws RefusedException {
    if (++count > Limits.MAX_PROPERTIES) {
      throw new RefusedException(
          Refusal.TOO_MANY_PROPERTIES,
          "properties has "
              + count
              + " fields or more; at most "
              + Limits.MAX_PROPERTIES
              + " are allowed",
          null);
    }
  }

  private static void appendField(StringBuilder out, String name) {
    out.append(out.length() == 0 ? '{' : ',').append('"');
    ENCODER.quoteAsString(name, out);
    out.append("\":");
  }

  /**
   * Copies one value.
   *
   * @param level nesting of what holds the value
   * @param field the field of properties it belongs to, for messages
   */
  private static void copy(
      JsonParser parser, JsonToken token, StringBuilder out, int level, String field)
      throws IOException, RefusedException {
    switch (token) {
      case VALUE_STRING -> {
        String text = parser.getText();
        EventText.requireLegal(text, field);
        EventText.requireShort(text, field);
        out.append('"');
        ENCODER.quoteAsString(text, out);
        out.append('"');
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        requireNumberLength(parser, field);
        out.append(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
      }
      case START_OBJECT -> copyObject(parser, out, deeper(level, field), field);
      case START_ARRAY -> {
        int inside = deeper(level, field);
        out.append('[');
        boolean first = true;
        JsonToken element;
        while ((element = parser.nextToken()) != JsonToken.END_ARRAY) {
          if (!first) {
            out.append(',');
          }
          first = false;
          copy(parser, element, out, inside, field);
        }
        out.append(']');
      }
      default -> out.append(token.asString());
    }
  }

  private static void copyObject(JsonParser parser, StringBuilder out, int level, String field)
      throws IOException, RefusedException {
    Names names = new Names();
    out.append('{');
    String name;
    while ((name = parser.nextFieldName()) != null) {
      requireNew(names, name, field);
      requireName(name);
      if (names.size() > 1) {
        out.append(',');
      }
      out.append('"');
      ENCODER.quoteAsString(name, out);
      out.append("\":");
      copy(parser, parser.nextToken(), out, level, field);
    }
    out.append('}');
  }

  private static int deeper(int level, String field) throws RefusedException {
    if (level == Limits.MAX_NESTING) {
      throw new RefusedException(
          Refusal.TOO_DEEP,
          EventText.shown(field)
              + " is nested "
              + (level + 1)
              + " levels deep or more; at most "
              + Limits.MAX_NESTING
              + " are allowed, counted from the event",
          null);
    }
    return level + 1;
  }

  private static void requireNew(Names names, String name, String owner) throws RefusedException {
    if (!names.add(name)) {
      throw EventReader.duplicate(name, owner);
    }
  }

  private static void requireName(String name) throws RefusedException {
    EventText.requireLegal(name, name);
    EventText.requireShort(name, name);
  }

  static void requireNumberLength(JsonParser parser, String field)
      throws IOException, RefusedException {
    if (parser.getTextLength() > Limits.MAX_NUMBER_LENGTH) {
      throw new RefusedException(
          Refusal.TOO_LONG,
          EventText.shown(field)
              + " is a number of "
              + parser.getTextLength()
              + " characters; at most "
              + Limits.MAX_NUMBER_LENGTH
              + " are allowed",
          null);
    }
  }

  private static long engagement(JsonParser parser, JsonToken token)
      throws IOException, RefusedException {
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      return 0;
    }
    requireNumberLength(parser, ENGAGEMENT);
    double value = parser.getDoubleValue();
    return value >= 0 && value <= Limits.MAX_ENGAGEMENT.toMillis() ? (long) value : 0;
  }

  /** The names of one object: a list while it is short, as most are; a set beyond. */
  private static final class Names {
    private static final int LIST_SIZE = 12;
    private final List<String> few = new ArrayList<>();
    private Set<String> many;

    boolean add(String name) {
      if (many != null) {
        return many.add(name);
      }
      if (few.contains(name)) {
        return false;
      }
      few.add(name);
      if (few.size() > LIST_SIZE) {
        many = new HashSet<>(few);
      }
      return true;
    }

    boolean contains(String name) {
      return many != null ? many.contains(name) : few.contains(name);
    }

    int size() {
      return many != null ? many.size() : few.size();
    }
  }
}
