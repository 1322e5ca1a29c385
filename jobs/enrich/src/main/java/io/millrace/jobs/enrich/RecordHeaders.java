package io.millrace.jobs.enrich;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Headers of a Kafka record as text. */
final class RecordHeaders {
  private RecordHeaders() {}

  /** The last header of that name; null when there is none or it is empty of a value. */
  static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
