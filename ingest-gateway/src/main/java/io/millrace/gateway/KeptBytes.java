package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.domain.event.AddressSpan;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** The bytes of an event as they may be kept: the sender's own, without the address. */
final class KeptBytes {
  private static final JsonFactory JSON = EventReader.newFactory();
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private KeptBytes() {}

  /** Those of an accepted event, whose address was found while it was read. */
  static byte[] ofAccepted(byte[] body, int start, int end, AddressSpan address) {
    if (!address.isPresent()) {
      return start == 0 && end == body.length ? body : Arrays.copyOfRange(body, start, end);
    }
    int before = (int) address.start() - start;
    int after = end - (int) address.end();
    byte[] kept = new byte[before + NULL.length + after];
    System.arraycopy(body, start, kept, 0, before);
    System.arraycopy(NULL, 0, kept, before, NULL.length);
    System.arraycopy(body, (int) address.end(), kept, before + NULL.length, after);
    return kept;
  }

  /** Those of a refused event: reading stopped early, so they are searched at every depth. */
  static Refused ofRefused(byte[] body, int start, int end) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(end - start);
    String eventId = null;
    int copied = start;
    try (JsonParser parser = JSON.createParser(body, start, end - start)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        String name = parser.currentName();
        boolean atTop = parser.getParsingContext().getParent().inRoot();
        JsonToken value = parser.nextToken();
        if (name.equals("ip")) {
          int from = start + (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          parser.finishToken();
          kept.write(body, copied, from - copied);
          kept.write(NULL, 0, NULL.length);
          copied = start + (int) parser.currentLocation().getByteOffset();
        } else if (atTop
            && eventId == null
            && name.equals("eventId")
            && value == JsonToken.VALUE_STRING
            && parser.getTextLength() <= Limits.MAX_EVENT_ID_LENGTH) {
          eventId = parser.getText();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("The body was read before and now cannot be", e);
    }
    kept.write(body, copied, end - copied);
    return new Refused(eventId, kept.toByteArray());
  }

  /** The kept bytes of a refused event, and its id where it has one. */
  record Refused(String eventId, byte[] bytes) {}
}
