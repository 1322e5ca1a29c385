package io.millrace.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.domain.privacy.SaltStore;
import io.millrace.gateway.access.DailyQuota;
import io.millrace.gateway.access.Gatekeeper;
import io.millrace.gateway.access.WriteKeys;
import io.millrace.gateway.intake.AliasForm;
import io.millrace.gateway.intake.SegmentForm;
import io.millrace.gateway.privacy.PolicyCache;
import io.millrace.gateway.privacy.TenantPolicies;
import io.millrace.gateway.spool.Spool;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events over HTTP, checks them, and answers when Kafka holds them. */
public final class IngestGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IngestGateway.class);
  private static final MediaType PROMETHEUS_TEXT =
      MediaType.parse("text/plain; version=0.0.4; charset=utf-8");
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  /** With none at all, the HTTP server cuts off the requests that wait for their answer. */
  private static final Duration QUIET_BEFORE_STOP = Duration.ofMillis(10);

  private final Server server;
  private final GatewayMetrics metrics;
  private final KafkaHealth health;
  private final EventSender sender;
  private final Heartbeats heartbeats;
  private final PolicyCache policyCache;

  private final WriteKeys keys;

  private IngestGateway(
      GatewayOptions options,
      WriteKeys keys,
      DailyQuota quota,
      GeoLookup geo,
      TenantPolicies policies,
      SaltStore salts,
      Clock clock) {
    this.keys = keys;
    AtomicLong inFlightBytes = new AtomicLong();
    PartitionAcks acks = new PartitionAcks();
    metrics = new GatewayMetrics(inFlightBytes::get, keys);
    health = new KafkaHealth(options);
    sender = new EventSender(options, health, acks, openSpool(options));
    heartbeats = new Heartbeats(options, sender, health, acks, clock, metrics.heartbeats());
    policyCache = new PolicyCache(policies, salts, clock);
    Intake intake =
        new Intake(
            options,
            new Gatekeeper(keys, options.access(), quota, clock),
            new Collector(options, geo, policyCache),
            sender,
            metrics,
            inFlightBytes,
            clock);
    server = buildServer(options, intake);
  }

  private Spool openSpool(GatewayOptions options) {
    if (options.spool() == null) {
      return null;
    }
    Spool spool = Spool.open(options.spool(), metrics.spoolCounters());
    metrics.watchSpool(spool);
    return spool;
  }

  /** Starts a gateway in which every tenant has the default policy, with quotas of its own. */
  public static IngestGateway start(
      GatewayOptions options, WriteKeys keys, GeoLookup geo, Clock clock) {
    return start(
        options, keys, new DailyQuota(), geo, TenantPolicies.DEFAULTS, SaltStore.inMemory(), clock);
  }

  /** Starts a gateway; it listens when this returns, and is ready once Kafka answers. */
  public static IngestGateway start(
      GatewayOptions options,
      WriteKeys keys,
      DailyQuota quota,
      GeoLookup geo,
      TenantPolicies policies,
      SaltStore salts,
      Clock clock) {
    IngestGateway gateway;
    try {
      gateway = new IngestGateway(options, keys, quota, geo, policies, salts, clock);
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "Cannot start the gateway with Kafka at \""
              + options.bootstrapServers()
              + "\": "
              + reason.getMessage()
              + "; give host:port, several separated by commas",
          e);
    }
    try {
      gateway.server.start().join();
    } catch (CompletionException e) {
      gateway.close();
      throw new IllegalStateException(
          "Cannot start the gateway on "
              + options.host()
              + ':'
              + options.port()
              + ": "
              + e.getCause().getMessage()
              + "; give a free port, or 0 for any",
          e.getCause());
    }
    gateway.health.start(gateway.sender::loadMetadata);
    gateway.heartbeats.start();
    LOG.info("The gateway listens on {}:{}", options.host(), gateway.port());
    return gateway;
  }

  /** The port it listens on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** What {@code /metrics} shows; other parts of the process may add to it. */
  public MeterRegistry meters() {
    return metrics.registry();
  }

  /** The paths it knows. */
  Set<String> paths() {
    return server.serviceConfigs().stream()
        .map(config -> config.route().patternString())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Finishes the requests it has taken, then stops. */
  @Override
  public void close() {
    server.stop().join();
    heartbeats.close();
    sender.close();
    health.close();
    policyCache.close();
    metrics.close();
  }

  private Server buildServer(GatewayOptions options, Intake intake) {
    ServerBuilder server =
        Server.builder()
            .http(new InetSocketAddress(options.host(), options.port()))
            .requestTimeout(options.deliveryTimeout().plusSeconds(5))
            .maxRequestLength(options.maxBodyBytes())
            .idleTimeout(options.idleTimeout())
            .maxNumConnections(options.maxConnections())
            .http1MaxHeaderSize(MAX_HEADER_BYTES)
            .http2MaxHeaderListSize(MAX_HEADER_BYTES)
            .gracefulShutdownTimeout(QUIET_BEFORE_STOP, options.deliveryTimeout().plusSeconds(1))
            .disableServerHeader()
            .disableDateHeader()
            .errorHandler(new Problems(options.maxBodyBytes()))
            .decorator(StrictHost::serve)
            .service("/v1/collect", collect(intake, BodyForm.EVENTS, AnswerForm.COLLECT))
            .service("/health/live", get(() -> text(HttpStatus.OK, "live\n")))
            .service("/health/ready", get(this::ready))
            .service(
                "/metrics",
                get(() -> HttpResponse.of(HttpStatus.OK, PROMETHEUS_TEXT, metrics.scrape())));
    otherForms(server, intake);
    ApiDocs.addTo(server);
    for (String script : List.of("tracker.js", "tracker.full.js", "tracker.mjs")) {
      server.service("/" + script, new TrackerScript(IngestGateway.class.getClassLoader(), script));
    }
    return server.build();
  }

  /** The routes of senders that do not write events as {@code /v1/collect} takes them. */
  private void otherForms(ServerBuilder server, Intake intake) {
    BodyForm clicks = BodyForms.json(new AliasForm("link_click")::batch);
    BodyForm views = BodyForms.json(new AliasForm("page_view")::batch);
    BodyForm any = BodyForms.json(new AliasForm()::batch);
    BodyForm stripe = new StripeBodies(metrics.ignoredWebhooks());
    server
        .service("/api/track/click", collect(intake, clicks, AnswerForm.COLLECT))
        .service("/api/track/view", collect(intake, views, AnswerForm.COLLECT))
        .service("/analytics/collect", collect(intake, any, AnswerForm.COLLECT))
        .service("/analytics/collect/batch", collect(intake, any, AnswerForm.QUEUED))
        .service("/v1/webhooks/stripe", collect(intake, stripe, AnswerForm.COLLECT))
        .service("/v1/pixel.gif", new PixelService(intake).decorate(this::measured));
    server
        .route()
        .path("/v1/import")
        .maxRequestLength(0)
        .requestTimeout(Duration.ZERO)
        .build(new ImportService(intake).decorate(this::measured));
    for (String call : SegmentForm.CALLS) {
      BodyForm segment =
          BodyForms.json((body, nowMillis) -> SegmentForm.batch(call, body, nowMillis));
      HttpService service = collect(intake, segment, AnswerForm.COLLECT);
      // The protocol's own libraries let the host be set, but not every one the path.
      server.service("/v1/segment/" + call, service).service("/v1/" + call, service);
    }
  }

  private HttpService collect(Intake intake, BodyForm bodies, AnswerForm answers) {
    return new CollectService(intake, bodies, answers).decorate(this::measured);
  }

  private HttpResponse measured(HttpService service, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    ctx.log()
        .whenAvailable(RequestLogProperty.RESPONSE_HEADERS, RequestLogProperty.RESPONSE_END_TIME)
        .thenAccept(
            log ->
                metrics.answered(log.responseHeaders().status().code(), log.totalDurationNanos()));
    return service.serve(ctx, request);
  }

  private HttpResponse ready() {
    Optional<String> missing = health.missing();
    if (missing.isPresent() && !sender.takesEvents()) {
      return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "not_ready", missing.get()).toResponse();
    }
    List<String> troubles = new ArrayList<>();
    missing.ifPresent(what -> troubles.add(what + "; events wait on disk"));
    keys.staleness().ifPresent(troubles::add);
    return text(
        HttpStatus.OK,
        troubles.isEmpty() ? "ready\n" : "ready, but " + String.join("; ", troubles) + "\n");
  }

  private static HttpService get(Supplier<HttpResponse> answer) {
    return (ctx, request) ->
        ctx.method() == HttpMethod.GET || ctx.method() == HttpMethod.HEAD
            ? answer.get()
            : Problem.methodNotAllowed(ctx.method(), "GET");
  }

  private static HttpResponse text(HttpStatus status, String text) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, HttpData.ofUtf8(text));
  }
}
