package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.io.IOException;
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

  private static final AttributeKey<TraceParent> ATTRIBUTE =
      AttributeKey.valueOf(TraceParent.class, "TRACE");
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** The trace that a header names; empty when it is none, or is not well-formed. */
  static Optional<TraceParent> parse(String header) {
    return header != null && header.length() <= MAX_LENGTH && FORM.matcher(header).matches()
        ? Optional.of(new TraceParent(header))
        : Optional.empty();
  }

  static Optional<TraceParent> of(ServiceRequestContext ctx) {
    return Optional.ofNullable(ctx.ownAttr(ATTRIBUTE));
  }

  /** Serves a request with its trace, if it names one. */
  static HttpResponse serve(HttpService service, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    Optional<TraceParent> trace = parse(request.headers().get(HEADER));
    if (trace.isEmpty()) {
      return service.serve(ctx, request);
    }
    ctx.setAttr(ATTRIBUTE, trace.get());
    HttpResponse answer = service.serve(ctx, request);
    return HttpResponse.of(answer.aggregate().thenApply(trace.get()::addTo));
  }

  void addTo(List<ProducerRecord<byte[], byte[]>> records) {
    byte[] value = text.getBytes(US_ASCII);
    records.forEach(record -> record.headers().add(HEADER, value));
  }

  private HttpResponse addTo(AggregatedHttpResponse answer) {
    if (!Problem.PROBLEM_JSON.equals(answer.contentType())) {
      return answer.toHttpResponse();
    }
    try {
      ObjectNode problem = (ObjectNode) JSON.readTree(answer.content().array());
      problem.put("traceId", text.substring(3, 35));
      return HttpResponse.of(answer.headers(), HttpData.wrap(JSON.writeValueAsBytes(problem)));
    } catch (IOException e) {
      throw new IllegalStateException("A problem of ours is no JSON", e);
    }
  }
}
