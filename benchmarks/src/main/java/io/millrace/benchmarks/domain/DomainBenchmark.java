package io.millrace.benchmarks.domain;

import io.millrace.benchmarks.traffic.EventJson;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.enrich.EnrichmentRules;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.RefusedException;
import io.millrace.domain.session.SessionContent;
import io.millrace.domain.session.SessionRules;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the domain does for each event, one step at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class DomainBenchmark {
  private static final int EVENTS = 20;
  private static final long AT = 1_709_251_200_000L;

  private final EventReader reader = new EventReader();
  private final EnrichmentRules rules = new EnrichmentRules(OwnHosts.none());
  private final Envelope envelope =
      new Envelope("local", AT + 100, AT + 50, false, "192.0.2.0/24", "NL", null, null, null);
  private final byte[][] json = new byte[EVENTS][];
  private final Event[] events = new Event[EVENTS];
  private final long[] hashes = new long[EVENTS];

  /** Makes the events. */
  @Setup
  public void prepare() throws RefusedException {
    for (int n = 0; n < EVENTS; n++) {
      json[n] = EventJson.event(0, n, 7, AT + n * 1000L);
      events[n] = reader.read(json[n], envelope);
      rules.enrich(events[n]);
      hashes[n] = SessionRules.hash(events[n].eventId);
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long read() throws RefusedException {
    long sum = 0;
    for (byte[] bytes : json) {
      sum += reader.read(bytes, envelope).occurredAt;
    }
    return sum;
  }

  /** The user agents have all been seen before, as most have. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void enrich() {
    for (Event event : events) {
      rules.enrich(event);
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public SessionContent sessionContent() {
    SessionContent content = SessionContent.of(events[0], hashes[0]);
    for (int n = 1; n < EVENTS; n++) {
      content.add(events[n], hashes[n]);
    }
    return content;
  }

  @Benchmark
  public long hash() {
    return SessionRules.hash(events[3].eventId);
  }

  @Benchmark
  public String sessionId() {
    return SessionRules.sessionId("local", events[3].visitorId, AT);
  }
}
