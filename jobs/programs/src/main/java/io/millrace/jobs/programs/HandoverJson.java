package io.millrace.jobs.programs;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The form of what jobs hand over: the fields by their names. What a newer writer adds, an older
 * reader passes over; what an older one left out is null or zero.
 */
final class HandoverJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.PUBLIC_ONLY)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private HandoverJson() {}

  static byte[] write(Object record) {
    try {
      return MAPPER.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot write " + record + " as JSON", e);
    }
  }

  /**
   * @throws IOException if that is not such a record
   */
  static <T> T read(byte[] json, Class<T> type) throws IOException {
    T record = MAPPER.readValue(json, type);
    if (record == null) {
      throw new IOException("it is null");
    }
    return record;
  }
}
