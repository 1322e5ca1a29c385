package io.millrace.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the gateway's answer means for the events of a request. Only the gateway's own word takes an
 * event out of the queue: a 200 or 400 that does not speak of events, as proxies and login pages
 * send it, settles nothing.
 *
 * @param rejected where decided: code and message of each refused event, by its place in the batch
 * @param code where the batch was refused as a whole: why
 * @param trouble where nothing was decided, and for a batch refused as a whole: what was answered
 * @param retryAfter what the gateway asks for; zero if nothing
 */
record Answer(
    Kind kind, Map<Integer, Reason> rejected, String code, String trouble, Duration retryAfter) {

  enum Kind {
    /** Each event is stored or refused. */
    DECIDED,
    /** The body was refused, whatever its events are like; a smaller one may pass. */
    WHOLE_REFUSED,
    /** The gateway is away or busy. */
    NOT_NOW,
    /** The key or the address is wrong: the same again is answered the same. */
    DENIED
  }

  /** Why an event was refused. */
  record Reason(String code, String message) {}

  static Answer noAnswer(String trouble) {
    return new Answer(Kind.NOT_NOW, Map.of(), null, trouble, Duration.ZERO);
  }

  /**
   * @param retryAfter the header, or null
   * @param events how many were sent
   */
  static Answer of(int status, String retryAfter, byte[] body, int events) {
    Body read = Body.read(body);
    if (status == 204) {
      return new Answer(Kind.DECIDED, Map.of(), null, null, Duration.ZERO);
    }
    if ((status == 200 || status == 400) && read.accountsFor(events)) {
      return new Answer(Kind.DECIDED, read.rejected, null, null, Duration.ZERO);
    }
    String trouble = "it answers " + status + read.detail();
    if (status == 413 || (status == 400 && read.code != null)) {
      String code = read.code == null ? "http_" + status : read.code;
      return new Answer(Kind.WHOLE_REFUSED, Map.of(), code, trouble, Duration.ZERO);
    }
    boolean later = status == 408 || status == 425 || status == 429 || status >= 500;
    return new Answer(
        later || status == 200 ? Kind.NOT_NOW : Kind.DENIED,
        Map.of(),
        null,
        trouble,
        duration(retryAfter));
  }

  /** Seconds, or a date as proxies give it. */
  private static Duration duration(String retryAfter) {
    if (retryAfter == null) {
      return Duration.ZERO;
    }
    if (retryAfter.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    try {
      Instant at =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = Duration.between(Instant.now(), at);
      return until.isNegative() ? Duration.ZERO : until;
    } catch (DateTimeParseException e) {
      return Duration.ZERO; // no wish that could be met; our own pause stands
    }
  }

  /** The few names that matter in the gateway's answers. */
  private static final class Body {
    final Map<Integer, Reason> rejected = new TreeMap<>();
    boolean accepted;
    boolean listed;
    boolean sound = true;
    String code;
    String detail;

    static Body read(byte[] json) {
      Body body = new Body();
      try (JsonParser parser = EventJson.JSON.createParser(json)) {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          body.readFields(parser);
        }
      } catch (IOException e) {
        body.sound = false; // a proxy's page, or cut off: the status says enough
      }
      return body;
    }

    private void readFields(JsonParser parser) throws IOException {
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken value = parser.nextToken();
        if (name.equals("accepted") && value == JsonToken.VALUE_NUMBER_INT) {
          accepted = true;
        } else if (name.equals("rejected") && value == JsonToken.START_ARRAY) {
          listed = true;
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            readRejected(parser);
          }
        } else if (name.equals("code") && value == JsonToken.VALUE_STRING) {
          code = parser.getText();
        } else if (name.equals("detail") && value == JsonToken.VALUE_STRING) {
          detail = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    }

    private void readRejected(JsonParser parser) throws IOException {
      int index = -1;
      String why = "unknown";
      String message = "";
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken value = parser.nextToken();
        if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
          index = parser.getIntValue();
        } else if (name.equals("code") && value == JsonToken.VALUE_STRING) {
          why = parser.getText();
        } else if (name.equals("message") && value == JsonToken.VALUE_STRING) {
          message = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      if (rejected.put(index, new Reason(why, message)) != null) {
        sound = false;
      }
    }

    boolean accountsFor(int events) {
      return sound
          && accepted
          && listed
          && rejected.keySet().stream().allMatch(index -> index >= 0 && index < events);
    }

    String detail() {
      if (code == null && detail == null) {
        return "";
      }
      return " (" + (code == null ? "" : code + ": ") + (detail == null ? "" : detail) + ')';
    }
  }
}
