package io.millrace.gateway;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
  private static final String BEARER = "Bearer ";

  /** What a request costs besides its body. */
  private static final int MIN_RESERVED_BYTES = 1024;

  private final GatewayOptions options;
  private final WriteKeys keys;
  private final Collector collector;
  private final EventSender sender;
  private final GatewayMetrics metrics;
  private final AtomicLong inFlightBytes;
  private final Clock clock;

  CollectService(
      GatewayOptions options,
      WriteKeys keys,
      Collector collector,
      EventSender sender,
      GatewayMetrics metrics,
      AtomicLong inFlightBytes,
      Clock clock) {
    this.options = options;
    this.keys = keys;
    this.collector = collector;
    this.sender = sender;
    this.metrics = metrics;
    this.inFlightBytes = inFlightBytes;
    this.clock = clock;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    RequestHeaders headers = request.headers();
    if (headers.method() != HttpMethod.POST) {
      return Problem.methodNotAllowed(headers.method(), "POST");
    }
    Reservation memory = new Reservation();
    try {
      WriteKey key = authenticate(ctx, headers);
      Bodies.requireKnownType(headers);
      memory.reserve(declaredLength(headers));
      requireStorage();
      CompletableFuture<HttpResponse> answer =
          request
              .aggregate()
              .thenCompose(whole -> collect(ctx, key, whole, memory))
              .exceptionally(failure -> failed(ctx, failure))
              .whenComplete((response, failure) -> memory.release());
      return HttpResponse.of(answer);
    } catch (ProblemException e) {
      memory.release();
      return e.problem().toResponse(ctx);
    }
  }

  private WriteKey authenticate(ServiceRequestContext ctx, RequestHeaders headers)
      throws ProblemException {
    String presented = headers.get("x-write-key");
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      presented = authorization.substring(BEARER.length()).trim();
    } else if (presented == null) {
      presented = ctx.queryParam("key");
    }
    if (presented == null || presented.isEmpty()) {
      throw new ProblemException(
          HttpStatus.UNAUTHORIZED,
          "missing_write_key",
          "no write key is given; send it as Authorization: Bearer, X-Write-Key or ?key=");
    }
    return keys.find(presented)
        .orElseThrow(
            () ->
                new ProblemException(
                    HttpStatus.UNAUTHORIZED,
                    "unknown_write_key",
                    "the write key is not known; it may have been withdrawn"));
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
      ServiceRequestContext ctx, WriteKey key, AggregatedHttpRequest whole, Reservation memory) {
    Outcome outcome;
    try {
      byte[] body = Bodies.decode(whole.headers(), whole.content().array(), options.maxBodyBytes());
      memory.raiseTo(body.length);
      InetAddress connection = ((InetSocketAddress) ctx.remoteAddress()).getAddress();
      outcome = collector.collect(body, key, whole.headers(), connection, clock.millis());
    } catch (ProblemException e) {
      return CompletableFuture.completedFuture(e.problem().toResponse(ctx));
    }
    TraceParent.of(ctx).ifPresent(trace -> trace.addTo(outcome.records));
    boolean verbose = "true".equals(ctx.queryParam("verbose"));
    metrics.received(outcome.events());
    return sender
        .send(outcome.records)
        .handle((done, failure) -> answer(ctx, outcome, verbose, failure));
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
