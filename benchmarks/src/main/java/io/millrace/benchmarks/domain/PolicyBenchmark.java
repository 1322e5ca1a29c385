package io.millrace.benchmarks.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.benchmarks.traffic.EventJson;
import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.RefusedException;
import io.millrace.domain.privacy.CookielessVisitors;
import io.millrace.domain.privacy.EventRedactor;
import io.millrace.domain.privacy.PrivacyPolicy;
import io.millrace.domain.privacy.Redacted;
import io.millrace.domain.privacy.SaltStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
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

/** What catalogue and privacy cost the gateway for each event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class PolicyBenchmark {
  private static final int EVENTS = 20;
  private static final long AT = 1_709_251_200_000L;
  private static final String SEVEN_PROPERTIES =
      "{\"productId\":\"p-17\",\"productName\":\"A nice chair\",\"category\":\"home/chairs\","
          + "\"priceCents\":12900,\"currency\":\"EUR\",\"source\":\"search\",\"line\":7}";

  private final Catalogue catalogue = Catalogue.builtIn();
  private final EventRedactor redactor = new EventRedactor(PrivacyPolicy.DEFAULTS);
  private final CookielessVisitors visitors =
      new CookielessVisitors(SaltStore.inMemory(), Clock.systemUTC(), 1000);
  private final Event[] events = new Event[EVENTS];
  private byte[] secret;
  private InetAddress address;

  /** Makes the events. */
  @Setup
  public void prepare() throws RefusedException, UnknownHostException {
    EventReader reader = new EventReader();
    Envelope envelope = new Envelope("local", AT, null, false, null, null, null, null, null);
    for (int n = 0; n < EVENTS; n++) {
      byte[] json = EventJson.event(0, n, 7, AT);
      events[n] = reader.read(json, envelope);
      secret = new String(json, UTF_8).replace("/product/", "/?token=").getBytes(UTF_8);
    }
    address = InetAddress.getByName("192.0.2.7");
  }

  /** The usual mix: two properties each, one of them known to some types. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int catalogue() {
    int findings = 0;
    for (Event event : events) {
      findings += catalogue.check(event.eventType, event.properties).isPresent() ? 1 : 0;
    }
    return findings;
  }

  @Benchmark
  public boolean catalogueWithSevenProperties() {
    return catalogue.check("product_view", SEVEN_PROPERTIES).isPresent();
  }

  @Benchmark
  public boolean catalogueWithoutProperties() {
    return catalogue.check("page_view", null).isPresent();
  }

  /** Whether there is something private: all that most events get. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int lookForSecrets() {
    int found = 0;
    for (Event event : events) {
      found += redactor.concerns(event) ? 1 : 0;
    }
    return found;
  }

  @Benchmark
  public Redacted removeASecret() {
    return redactor.accepted(secret, 0, secret.length);
  }

  @Benchmark
  public String cookielessVisitor() {
    return visitors.visitorId("local", address, events[0].userAgent, "shop.example");
  }
}
