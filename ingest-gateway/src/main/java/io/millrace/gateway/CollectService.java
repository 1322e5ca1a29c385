package io.millrace.gateway;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.gateway.access.DeniedException;
import io.millrace.gateway.access.Gatekeeper;
import io.millrace.gateway.privacy.ActivePolicy;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/collect}: answers 2xx only when every event is durable, in Kafka or the spool.
 */
final class CollectService implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(CollectService.class);

  /** What a request costs besides its body. */
  private static final int MIN_RESERVED_BYTES = 1024;

  private final GatewayOptions options;
  private final Gatekeeper gate;
  private final Collector collector;
  private final EventSender sender;
  private final GatewayMetrics metrics;
  private final AtomicLong inFlightBytes;
  private final Clock clock;

  CollectService(
      GatewayOptions options,
      Gatekeeper gate,
      Collector collector,
      EventSender sender,
      GatewayMetrics metrics,
      AtomicLong inFlightBytes,
      Clock clock) {
    this.options = options;
    this.gate = gate;
    this.collector = collector;
    this.sender = sender;
    this.metrics = metrics;
    this.inFlightBytes = inFlightBytes;
    this.clock = clock;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    RequestHeaders headers = request.headers();
    Reservation memory = new Reservation();
    try {
      if (headers.method() == HttpMethod.OPTIONS && gate.isPreflight(headers)) {
        return gate.preflight(ctx, headers);
      }
      if (headers.method() != HttpMethod.POST) {
        return Problem.methodNotAllowed(headers.method(), "POST");
      }
      Gatekeeper.Admitted sender = gate.admit(ctx, headers);
      Bodies.requireKnownType(headers);
      memory.reserve(declaredLength(headers));
      requireStorage();
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
    } catch (DeniedException e) {
      metrics.denied(e.denial());
      return Problem.of(e).toResponse(ctx);
    }
  }

  /** The length the sender declares; without one the body may become as long as is allowed. */
  private long declaredLength(RequestHeaders headers) {
    long length = headers.contentLength();
    return length < 0 ? options.maxBodyBytes() : Math.min(length, options.maxBodyBytes());
  }

  private void requireStorage() throws ProblemException {
    if (!sender.takesEvents()) {
      throw unavailable();
    }
  }

  private static ProblemException unavailable() {
    return new ProblemException(
        HttpStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "the events could not be stored durably, none is accepted; send the same again");
  }

  private CompletableFuture<HttpResponse> collect(
      ServiceRequestContext ctx,
      Gatekeeper.Admitted from,
      AggregatedHttpRequest whole,
      Reservation memory) {
    Outcome outcome;
    long admittedAt;
    try {
      byte[] body = Bodies.decode(whole.headers(), whole.content().array(), options.maxBodyBytes());
      memory.raiseTo(body.length);
      ActivePolicy policy = collector.policy(from.key());
      Batch batch = collector.read(body, from.key(), policy);
      int events = batch.items().size();
      metrics.received(events);
      try {
        admittedAt = gate.admitEvents(ctx, from.key(), events);
      } catch (DeniedException e) {
        metrics.limited(e.denial(), events);
        return CompletableFuture.completedFuture(Problem.of(e).toResponse());
      }
      outcome =
          collector.collect(
              batch, body, from.key(), policy, whole.headers(), from.client(), clock.millis());
    } catch (ProblemException e) {
      return CompletableFuture.completedFuture(e.problem().toResponse(ctx));
    }
    TraceParent.of(ctx).ifPresent(trace -> trace.addTo(outcome.records));
    boolean verbose = "true".equals(ctx.queryParam("verbose"));
    return sender
        .send(outcome.records)
        .handle(
            (done, failure) -> {
              int stored = failure == null ? outcome.accepted : 0;
              gate.giveBack(from.key(), outcome.events() - stored, admittedAt);
              return answer(ctx, outcome, verbose, failure);
            });
  }

  private HttpResponse answer(
      ServiceRequestContext ctx, Outcome outcome, boolean verbose, Throwable failure) {
    if (failure != null) {
      LOG.debug("A request of {} events was not stored: {}", outcome.events(), failure.toString());
      metrics.unavailable(outcome.events());
      return unavailable().problem().toResponse(ctx);
    }
    metrics.accepted(outcome.accepted);
    outcome.rejected.forEach(one -> metrics.rejected(one.refusal()));
    outcome.withheld.forEach(metrics::withheld);
    outcome.flagged.forEach(metrics::flagged);
    metrics.redacted(outcome.redacted);
    metrics.deadLetters(outcome.deadLetters, outcome.deadLettersBeyondLimit);
    return outcome.toResponse(verbose);
  }

  private HttpResponse failed(ServiceRequestContext ctx, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ContentTooLargeException) {
      return Bodies.tooLarge(options.maxBodyBytes()).problem().toResponse(ctx);
    }
    return HttpResponse.ofFailure(cause);
  }

  /** The memory that a request holds until it is answered. */
  private final class Reservation {
    private long bytes;

    void reserve(long wanted) throws ProblemException {
      raiseTo(Math.max(wanted, MIN_RESERVED_BYTES));
    }

    void raiseTo(long wanted) throws ProblemException {
      long more = wanted - bytes;
      if (more <= 0) {
        return;
      }
      long total = inFlightBytes.addAndGet(more);
      bytes = wanted;
      if (total > options.maxInFlightBytes()) {
        throw new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "overloaded",
            "requests of "
                + total
                + " bytes wait to be stored; at most "
                + options.maxInFlightBytes()
                + " may; send the same again later");
      }
    }

    void release() {
      inFlightBytes.addAndGet(-bytes);
      bytes = 0;
    }
  }
}
