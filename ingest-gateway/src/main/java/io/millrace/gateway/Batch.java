package io.millrace.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.linecorp.armeria.common.HttpStatus;
import io.millrace.domain.event.AddressSpan;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.EventText;
import io.millrace.domain.event.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of one request, each with its place in the body, read in one pass: {@code
 * {"events":[…],"metadata":{…}}}, an array, or one bare event.
 */
final class Batch {
  private static final JsonFactory JSON = EventReader.newFactory();

  private final EventReader reader;
  private final int maxEvents;
  private final List<Item> items = new ArrayList<>();
  private Long sentAt;

  private Batch(EventReader reader, int maxEvents) {
    this.reader = reader;
    this.maxEvents = maxEvents;
  }

  /** One element of the batch; either the event or the refusal is null. */
  record Item(Event event, RefusedException refused, int start, int end, AddressSpan address) {}

  /** Reads a body; what makes it unusable as a whole is a problem, a bad event is an item. */
  static Batch read(byte[] body, EventReader reader, int maxEvents) throws ProblemException {
    Batch batch = new Batch(reader, maxEvents);
    try {
      boolean enveloped = isEnveloped(body);
      try (JsonParser parser = JSON.createParser(body)) {
        JsonToken first = parser.nextToken();
        if (first == null) {
          throw malformed("the body is empty; send one event or a batch");
        }
        if (first == JsonToken.START_ARRAY) {
          batch.readEvents(parser);
        } else if (enveloped) {
          batch.readEnvelope(parser);
        } else {
          batch.readItem(parser);
        }
        if (parser.nextToken() != null) {
          throw malformed(
              "the body goes on after its JSON value at byte "
                  + parser.currentTokenLocation().getByteOffset()
                  + "; send one event or a batch");
        }
      }
    } catch (JsonProcessingException e) {
      throw malformed(EventReader.describe(e, "the body"));
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory failed", e);
    }
    return batch;
  }

  List<Item> items() {
    return items;
  }

  /** The sender's clock when the batch left, or null. */
  Long sentAt() {
    return sentAt;
  }

  /** A batch is told from a bare event by its list of events; mostly the first name decides. */
  private static boolean isEnveloped(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      String name;
      while ((name = parser.nextFieldName()) != null) {
        if (name.equals("eventId") || name.equals("eventType") || name.equals("visitorId")) {
          return false;
        }
        JsonToken value = parser.nextToken();
        if (name.equals("events") && value == JsonToken.START_ARRAY) {
          return true;
        }
        parser.skipChildren();
      }
      return false;
    }
  }

  private void readEnvelope(JsonParser parser) throws IOException, ProblemException {
    boolean read = false;
    boolean metadataRead = false;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      if (name.equals("events")) {
        if (read || value != JsonToken.START_ARRAY) {
          throw malformed("\"events\" is given twice or is no list; give one list of events");
        }
        read = true;
        readEvents(parser);
      } else if (name.equals("metadata") && value == JsonToken.START_OBJECT) {
        if (metadataRead) {
          throw malformed("\"metadata\" is given twice; give it once, or leave it out");
        }
        metadataRead = true;
        readMetadata(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readMetadata(JsonParser parser) throws IOException, ProblemException {
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      if (name.equals("sentAt") && value != JsonToken.VALUE_NULL) {
        if (sentAt != null) {
          throw malformed("metadata.sentAt is given twice; give it once, or leave it out");
        }
        sentAt = time(parser, value);
      }
      parser.skipChildren();
    }
  }

  private static long time(JsonParser parser, JsonToken value)
      throws IOException, ProblemException {
    if (value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_NUMBER_FLOAT) {
      double millis = parser.getDoubleValue();
      if (millis > 0 && millis < 253_402_300_800_000.0) {
        return (long) millis;
      }
    }
    throw new ProblemException(
        HttpStatus.BAD_REQUEST,
        "invalid_sent_at",
        "metadata.sentAt is "
            + EventText.shown(parser.getText())
            + "; give epoch milliseconds as a number above 0, or leave it out");
  }

  private void readEvents(JsonParser parser) throws IOException, ProblemException {
    int beyond = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (items.size() < maxEvents) {
        readItem(parser);
      } else {
        beyond++;
        parser.skipChildren();
      }
    }
    if (beyond > 0) {
      throw new ProblemException(
          HttpStatus.REQUEST_ENTITY_TOO_LARGE,
          "too_many_events",
          "the batch has "
              + (maxEvents + beyond)
              + " events; at most "
              + maxEvents
              + " are allowed; send several batches");
    }
  }

  private void readItem(JsonParser parser) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    JsonToken first = parser.currentToken();
    JsonStreamContext around = parser.getParsingContext();
    if (first == JsonToken.START_OBJECT || first == JsonToken.START_ARRAY) {
      around = around.getParent();
    }
    AddressSpan address = new AddressSpan();
    Event event = null;
    RefusedException refused = null;
    try {
      event = reader.readFields(parser, address);
    } catch (RefusedException e) {
      refused = e;
      while (parser.getParsingContext() != around) {
        parser.nextToken();
      }
      parser.finishToken();
    }
    int end = (int) parser.currentLocation().getByteOffset();
    items.add(new Item(event, refused, start, end, address));
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, "malformed_json", detail);
  }
}
