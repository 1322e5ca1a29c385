package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.gateway.access.DeniedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * Why a whole request failed, as RFC 9457 problem JSON.
 *
 * @param code stable, for programs
 * @param detail what failed, with the value, and what is allowed
 */
record Problem(HttpStatus status, String code, String detail) {
  private static final MediaType PROBLEM_JSON =
      MediaType.create("application", "problem+json").withCharset(UTF_8);
  private static final JsonFactory JSON = new JsonFactory();
  static final int RETRY_AFTER_SECONDS = 2;

  /** The answer to a method that the path does not know. */
  static HttpResponse methodNotAllowed(HttpMethod method, String allowed) {
    Problem problem =
        new Problem(
            HttpStatus.METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "the method is " + method + "; " + allowed + " is allowed");
    return problem
        .toResponse()
        .mapHeaders(headers -> headers.toBuilder().add(HttpHeaderNames.ALLOW, allowed).build());
  }

  static Problem of(DeniedException denied) {
    return new Problem(denied.denial().status(), denied.denial().code(), denied.getMessage());
  }

  HttpResponse toResponse() {
    return toAggregated(Optional.empty()).toHttpResponse();
  }

  /** The answer to a request, with its trace if it has one. */
  HttpResponse toResponse(ServiceRequestContext ctx) {
    return toAggregated(TraceParent.of(ctx)).toHttpResponse();
  }

  AggregatedHttpResponse toAggregated(Optional<TraceParent> trace) {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(status).contentType(PROBLEM_JSON);
    if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      headers.addInt(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (status.equals(HttpStatus.UNAUTHORIZED)) {
      headers.add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"millrace\"");
    }
    return AggregatedHttpResponse.of(headers.build(), HttpData.wrap(toJson(trace)));
  }

  private byte[] toJson(Optional<TraceParent> trace) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", "about:blank");
      json.writeStringField("title", status.reasonPhrase());
      json.writeNumberField("status", status.code());
      json.writeStringField("code", code);
      json.writeStringField("detail", detail);
      if (trace.isPresent()) {
        json.writeStringField("traceId", trace.get().traceId());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory failed", e);
    }
    return out.toByteArray();
  }
}
