package io.millrace.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpStatus;
import io.millrace.domain.event.EventReader;
import io.millrace.gateway.intake.Json;
import java.io.IOException;

/** Bodies that are JSON in another form than ours. */
final class BodyForms {
  private BodyForms() {}

  /** Writes a body's JSON as a batch. */
  @FunctionalInterface
  interface Translation {
    JsonNode batch(JsonNode body, long nowMillis);
  }

  static BodyForm json(Translation translation) {
    return (body, from, headers, nowMillis) -> bytes(translation.batch(parse(body), nowMillis));
  }

  static JsonNode parse(byte[] body) throws ProblemException {
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      if (json.isMissingNode()) {
        throw malformed("the body is empty; send one event or a batch");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw malformed(EventReader.describe(e, "the body"));
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory failed", e);
    }
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, "malformed_json", detail);
  }

  static byte[] bytes(JsonNode json) {
    try {
      return Json.MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing to memory failed", e);
    }
  }
}
