package io.millrace.gateway;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.gateway.access.Gatekeeper;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes events by {@code POST}: answers 2xx only when every one is durable, in Kafka or the spool.
 */
final class CollectService implements HttpService {
  private final Intake intake;
  private final BodyForm bodies;
  private final AnswerForm answers;

  CollectService(Intake intake, BodyForm bodies, AnswerForm answers) {
    this.intake = intake;
    this.bodies = bodies;
    this.answers = answers;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    RequestHeaders headers = request.headers();
    Intake.Reservation memory = intake.reservation();
    try {
      if (headers.method() == HttpMethod.OPTIONS) {
        Optional<HttpResponse> preflight = intake.preflight(ctx, headers);
        if (preflight.isPresent()) {
          return preflight.get();
        }
      }
      if (headers.method() != HttpMethod.POST) {
        return Problem.methodNotAllowed(headers.method(), "POST");
      }
      Gatekeeper.Admitted admitted = intake.admit(ctx, headers);
      Gatekeeper.Admitted sender =
          new Gatekeeper.Admitted(bodies.key(admitted.key()), admitted.client());
      Bodies.requireKnownType(headers);
      memory.reserve(headers);
      intake.requireStorage();
      CompletableFuture<HttpResponse> answer =
          request
              .aggregate()
              .thenCompose(whole -> collect(ctx, sender, whole, memory))
              .exceptionally(failure -> failed(ctx, failure))
              .whenComplete((response, failure) -> memory.release());
      return HttpResponse.of(answer);
    } catch (ProblemException e) {
      memory.release();
      return e.problem().toResponse(ctx);
    }
  }

  private CompletableFuture<HttpResponse> collect(
      ServiceRequestContext ctx,
      Gatekeeper.Admitted from,
      AggregatedHttpRequest whole,
      Intake.Reservation memory) {
    boolean verbose = "true".equals(ctx.queryParam("verbose"));
    try {
      RequestHeaders headers = whole.headers();
      int maxBytes = intake.options().maxBodyBytes();
      byte[] body = Bodies.decode(headers, whole.content().array(), maxBytes);
      memory.raiseTo(body.length);
      byte[] events = bodies.toEvents(body, from.key(), headers, intake.nowMillis());
      memory.raiseTo(events.length);
      return intake
          .take(ctx, from, events, headers)
          .thenApply(outcome -> answers.of(outcome, verbose));
    } catch (ProblemException e) {
      return CompletableFuture.completedFuture(e.problem().toResponse(ctx));
    }
  }

  private HttpResponse failed(ServiceRequestContext ctx, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ProblemException e) {
      return e.problem().toResponse(ctx);
    }
    if (cause instanceof ContentTooLargeException) {
      return Bodies.tooLarge(intake.options().maxBodyBytes()).problem().toResponse(ctx);
    }
    return HttpResponse.ofFailure(cause);
  }
}
