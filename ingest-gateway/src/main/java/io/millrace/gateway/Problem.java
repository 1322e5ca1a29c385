package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.millrace.gateway.intake.Json;
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
    return AggregatedHttpResponse.of(headers(), HttpData.wrap(BodyForms.bytes(toJson(trace))));
  }

  ResponseHeaders headers() {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(status).contentType(PROBLEM_JSON);
    if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      headers.addInt(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (status.equals(HttpStatus.UNAUTHORIZED)) {
      headers.add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"millrace\"");
    }
    return headers.build();
  }

  ObjectNode toJson(Optional<TraceParent> trace) {
    ObjectNode json =
        Json.MAPPER
            .createObjectNode()
            .put("type", "about:blank")
            .put("title", status.reasonPhrase())
            .put("status", status.code())
            .put("code", code)
            .put("detail", detail);
    trace.ifPresent(one -> json.put("traceId", one.traceId()));
    return json;
  }
}
