package io.millrace.gateway.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;

/**
 * The headers that let a page of another site send and read the answer. Never with credentials: the
 * write key is all there is, and the page has it.
 */
final class Cors {
  private static final String METHODS = "POST";
  private static final String REQUEST_HEADERS =
      "Authorization, Content-Type, Content-Encoding, X-Write-Key, Traceparent, Tracestate";
  private static final String ANSWER_HEADERS =
      "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After";

  /** As long as the most patient browser keeps it. */
  private static final int MAX_AGE_SECONDS = 7200;

  private Cors() {}

  /** Lets the page read the answer to this request. */
  static void allow(ServiceRequestContext ctx, String origin) {
    ctx.addAdditionalResponseHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    ctx.addAdditionalResponseHeader(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
  }

  /** Tells caches that the answer is for one origin; also when it is a refusal. */
  static void varies(ServiceRequestContext ctx) {
    ctx.addAdditionalResponseHeader(HttpHeaderNames.VARY, "Origin");
  }

  /** The answer to a page that asks whether it may send. */
  static HttpResponse mayAsk(String origin) {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.NO_CONTENT)
            .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
            .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
            .addInt(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
            .build());
  }
}
