package io.millrace.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.privacy.Withheld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What became of the events of one request, and what is to be written for it. */
final class Outcome {
  private static final JsonFactory JSON = new JsonFactory();

  final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  final List<Rejected> rejected = new ArrayList<>();
  final Map<Withheld, Integer> withheld = new EnumMap<>(Withheld.class);
  final Map<Refusal, Integer> flagged = new EnumMap<>(Refusal.class);
  int accepted;
  int redacted;
  int deadLetters;
  int deadLettersBeyondLimit;

  record Rejected(int index, String eventId, Refusal refusal, String message) {}

  /** Counts events that are not stored because their visitors do not want it. */
  void withhold(Withheld why, int events) {
    withheld.merge(why, events, Integer::sum);
  }

  /** Counts an accepted event that the catalogue has something against. */
  void flag(Refusal why) {
    flagged.merge(why, 1, Integer::sum);
  }

  int events() {
    return accepted + rejected.size() + withheldEvents();
  }

  private HttpStatus status() {
    return accepted + withheldEvents() == 0 && !rejected.isEmpty()
        ? HttpStatus.BAD_REQUEST
        : HttpStatus.OK;
  }

  int withheldEvents() {
    return withheld.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The answer once all is durable. */
  HttpResponse toResponse(boolean verbose) {
    if (rejected.isEmpty() && !verbose) {
      return HttpResponse.of(HttpStatus.NO_CONTENT);
    }
    return HttpResponse.of(status(), MediaType.JSON_UTF_8, HttpData.wrap(toJson(false)));
  }

  /** The same with {@code success} and {@code queued} in front. */
  HttpResponse toQueuedResponse() {
    return HttpResponse.of(status(), MediaType.JSON_UTF_8, HttpData.wrap(toJson(true)));
  }

  private byte[] toJson(boolean queued) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (queued) {
        json.writeBooleanField("success", rejected.isEmpty());
        json.writeNumberField("queued", accepted);
      }
      json.writeNumberField("accepted", accepted);
      json.writeArrayFieldStart("rejected");
      for (Rejected one : rejected) {
        json.writeStartObject();
        json.writeNumberField("index", one.index());
        json.writeStringField("eventId", one.eventId());
        json.writeStringField("code", one.refusal().code());
        json.writeStringField("message", one.message());
        json.writeEndObject();
      }
      json.writeEndArray();
      if (!withheld.isEmpty()) {
        json.writeNumberField("withheld", withheldEvents());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory failed", e);
    }
    return out.toByteArray();
  }
}
