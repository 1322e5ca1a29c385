package io.millrace.gateway;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.gateway.access.DeniedException;
import io.millrace.gateway.access.Gatekeeper;
import io.millrace.gateway.privacy.ActivePolicy;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a request's events, the same for every route: who may send, memory, decision, Kafka,
 * counters.
 */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** What a request costs besides its body. */
  private static final int MIN_RESERVED_BYTES = 1024;

  private final GatewayOptions options;
  private final Gatekeeper gate;
  private final Collector collector;
  private final EventSender sender;
  private final GatewayMetrics metrics;
  private final AtomicLong inFlightBytes;
  private final Clock clock;

  Intake(
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

  GatewayOptions options() {
    return options;
  }

  long nowMillis() {
    return clock.millis();
  }

  /** The answer to a browser's question, if the request is one. */
  Optional<HttpResponse> preflight(ServiceRequestContext ctx, RequestHeaders headers)
      throws ProblemException {
    try {
      return gate.isPreflight(headers)
          ? Optional.of(gate.preflight(ctx, headers))
          : Optional.empty();
    } catch (DeniedException e) {
      throw denied(e);
    }
  }

  /** Lets a request in by its headers, before its body is read. */
  Gatekeeper.Admitted admit(ServiceRequestContext ctx, RequestHeaders headers)
      throws ProblemException {
    try {
      return gate.admit(ctx, headers);
    } catch (DeniedException e) {
      throw denied(e);
    }
  }

  private ProblemException denied(DeniedException e) {
    metrics.denied(e.denial());
    return new ProblemException(Problem.of(e));
  }

  /** Refuses early what could not be stored. */
  void requireStorage() throws ProblemException {
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

  /**
   * Takes the events of an admitted request; completes when all that is kept of them is durable,
   * and fails with a {@link ProblemException} when it is not.
   *
   * @param body a batch as {@code /v1/collect} takes it
   * @throws ProblemException when the body as a whole cannot be used, or a limit is hit
   */
  CompletableFuture<Outcome> take(
      ServiceRequestContext ctx, Gatekeeper.Admitted from, byte[] body, RequestHeaders headers)
      throws ProblemException {
    Taking taking = new Taking(ctx, from, body, headers);
    try {
      return taking.store(gate.admitEvents(ctx, from.key(), taking.events()));
    } catch (DeniedException e) {
      throw taking.limited(e);
    }
  }

  /** The same for a sender that has time: waits while its key's rate does not allow the events. */
  CompletableFuture<Outcome> takeInTime(
      ServiceRequestContext ctx, Gatekeeper.Admitted from, byte[] body, RequestHeaders headers)
      throws ProblemException, InterruptedException {
    Taking taking = new Taking(ctx, from, body, headers);
    try {
      return taking.store(gate.awaitEvents(ctx, from.key(), taking.events()));
    } catch (DeniedException e) {
      throw taking.limited(e);
    }
  }

  /** The events of one body, read and counted, and not yet let in. */
  private final class Taking {
    private final ServiceRequestContext ctx;
    private final Gatekeeper.Admitted from;
    private final byte[] body;
    private final RequestHeaders headers;
    private final ActivePolicy policy;
    private final Batch batch;

    Taking(ServiceRequestContext ctx, Gatekeeper.Admitted from, byte[] body, RequestHeaders headers)
        throws ProblemException {
      this.ctx = ctx;
      this.from = from;
      this.body = body;
      this.headers = headers;
      policy = collector.policy(from.key());
      batch = collector.read(body, from.key(), policy);
      metrics.received(events());
    }

    int events() {
      return batch.items().size();
    }

    ProblemException limited(DeniedException e) {
      metrics.limited(e.denial(), events());
      return new ProblemException(Problem.of(e));
    }

    CompletableFuture<Outcome> store(long admittedAt) {
      Outcome outcome =
          collector.collect(
              batch, body, from.key(), policy, headers, from.client(), clock.millis());
      TraceParent.of(ctx).ifPresent(trace -> trace.addTo(outcome.records));
      return sender
          .send(outcome.records)
          .handle(
              (done, failure) -> {
                int stored = failure == null ? outcome.accepted : 0;
                gate.giveBack(from.key(), outcome.events() - stored, admittedAt);
                count(outcome, failure);
                return outcome;
              });
    }
  }

  private void count(Outcome outcome, Throwable failure) {
    if (failure != null) {
      LOG.debug("A request of {} events was not stored: {}", outcome.events(), failure.toString());
      metrics.unavailable(outcome.events());
      throw new CompletionException(unavailable());
    }
    metrics.accepted(outcome.accepted);
    outcome.rejected.forEach(one -> metrics.rejected(one.refusal()));
    outcome.withheld.forEach(metrics::withheld);
    outcome.flagged.forEach(metrics::flagged);
    metrics.redacted(outcome.redacted);
    metrics.deadLetters(outcome.deadLetters, outcome.deadLettersBeyondLimit);
  }

  /** Memory for a request, of which nothing is taken yet. */
  Reservation reservation() {
    return new Reservation();
  }

  /** The memory that a request holds until it is answered. */
  final class Reservation {
    private long bytes;

    /** The length the sender declares; without one the body may become as long as is allowed. */
    void reserve(RequestHeaders headers) throws ProblemException {
      long length = headers.contentLength();
      long wanted = length < 0 ? options.maxBodyBytes() : Math.min(length, options.maxBodyBytes());
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
