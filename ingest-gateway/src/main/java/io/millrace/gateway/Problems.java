package io.millrace.gateway;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.Locale;

/** Gives the HTTP server's own errors (no such path, too large, timeouts) the same form as ours. */
final class Problems implements ServerErrorHandler {
  private final int maxBodyBytes;

  Problems(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    if (cause instanceof RequestTimeoutException) {
      // What is left of the body would otherwise still be waited for, drop by drop.
      ctx.initiateConnectionShutdown(Duration.ZERO);
    }
    return null; // the default decides about the status and asks renderStatus for the form
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      ServiceRequestContext ctx,
      ServiceConfig config,
      RequestHeaders headers,
      HttpStatus status,
      String description,
      Throwable cause) {
    // Also of a request whose head could not be read, and that is no more than a stand-in.
    return problem(status, description).toAggregated(TraceParent.parse(headers));
  }

  private Problem problem(HttpStatus status, String description) {
    if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
      return Bodies.tooLarge(maxBodyBytes).problem();
    }
    String reason = status.reasonPhrase();
    String code = reason.toLowerCase(Locale.ROOT).replace(' ', '_');
    return new Problem(status, code, description == null ? reason : description);
  }
}
