package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The trace a request belongs to, by the W3C header {@code traceparent}. It goes on to Kafka with
 * each of the events, and into a problem as {@code traceId}. A request that names none gets none:
 * nobody could look it up.
 */
final class TraceParent {
  static final String HEADER = "traceparent";

  /** Version 00 exactly; a later version may have more after a further dash. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "|(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "(?:-[!-~]*)?)");

  /** Longer than any that is in use; it is written once for each event. */
  private static final int MAX_LENGTH = 128;

  private final String text;

  private TraceParent(String text) {
    this.text = text;
  }

  /** The trace that a request names; empty when there is none, or it is not well-formed. */
  static Optional<TraceParent> of(ServiceRequestContext ctx) {
    return parse(ctx.request().headers());
  }

  static Optional<TraceParent> parse(RequestHeaders headersOrNull) {
    return headersOrNull == null ? Optional.empty() : parse(headersOrNull.get(HEADER));
  }

  static Optional<TraceParent> parse(String headerOrNull) {
    return headerOrNull != null
            && headerOrNull.length() <= MAX_LENGTH
            && FORM.matcher(headerOrNull).matches()
        ? Optional.of(new TraceParent(headerOrNull))
        : Optional.empty();
  }

  void addTo(List<ProducerRecord<byte[], byte[]>> records) {
    byte[] value = text.getBytes(US_ASCII);
    records.forEach(record -> record.headers().add(HEADER, value));
  }

  String traceId() {
    return text.substring(3, 35);
  }
}
