package io.millrace.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.gateway.access.Gatekeeper;
import io.millrace.gateway.intake.AliasForm;
import io.millrace.gateway.intake.Json;
import io.millrace.gateway.intake.TextFields;
import java.util.Base64;
import java.util.concurrent.CompletionException;

/**
 * {@code GET /v1/pixel.gif}: one event, whose fields are query parameters, for places where no
 * script runs. Every answer to a {@code GET} is the image, so that no reader of a mail sees a
 * broken one; the status says what became of the event, and the header {@code millrace-code} why.
 */
final class PixelService implements HttpService {
  private static final byte[] GIF =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");
  private static final AliasForm FORM = new AliasForm("page_view");

  private final Intake intake;

  PixelService(Intake intake) {
    this.intake = intake;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    // Not HEAD: whoever only asks whether the image is there has not seen it.
    if (ctx.method() != HttpMethod.GET) {
      return Problem.methodNotAllowed(ctx.method(), "GET");
    }
    RequestHeaders headers = request.headers();
    Intake.Reservation memory = intake.reservation();
    try {
      Gatekeeper.Admitted from = intake.admit(ctx, headers);
      memory.reserve(headers.toBuilder().contentLength(headers.path().length()).build());
      intake.requireStorage();
      byte[] event = BodyForms.bytes(FORM.event(fields(ctx, headers), intake.nowMillis()));
      return HttpResponse.of(
          intake
              .take(ctx, from, event, headers)
              .thenApply(PixelService::answer)
              .exceptionally(PixelService::failed)
              .whenComplete((response, failure) -> memory.release()));
    } catch (ProblemException e) {
      memory.release();
      return image(e.problem());
    }
  }

  private static ObjectNode fields(ServiceRequestContext ctx, RequestHeaders headers) {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    QueryParams query = ctx.queryParams();
    for (String name : query.names()) {
      String value = query.get(name);
      if (name.equals("key") || value == null) {
        continue;
      }
      TextFields.put(fields, name, value);
    }
    // The image stands in a page, and that is where the browser says it comes from.
    String page = headers.get(HttpHeaderNames.REFERER);
    if (page != null && !fields.has("pageUrl") && !fields.has("page_url") && !fields.has("url")) {
      fields.put("pageUrl", page);
    }
    return fields;
  }

  private static HttpResponse answer(Outcome outcome) {
    return outcome.rejected.isEmpty()
        ? image(HttpStatus.OK, null, false)
        : image(HttpStatus.BAD_REQUEST, outcome.rejected.get(0).refusal().code(), false);
  }

  private static HttpResponse failed(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ProblemException e ? image(e.problem()) : HttpResponse.ofFailure(cause);
  }

  private static HttpResponse image(Problem problem) {
    boolean retry = problem.status().equals(HttpStatus.SERVICE_UNAVAILABLE);
    return image(problem.status(), problem.code(), retry);
  }

  private static HttpResponse image(HttpStatus status, String code, boolean retry) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(status)
            .contentType(MediaType.GIF)
            .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .add("cross-origin-resource-policy", "cross-origin")
            .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
    if (code != null) {
      headers.add("millrace-code", code);
    }
    if (retry) {
      headers.addInt(HttpHeaderNames.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
    }
    return HttpResponse.of(headers.build(), HttpData.wrap(GIF));
  }
}
