package io.millrace.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.millrace.gateway.EmbeddedBroker;
import io.millrace.gateway.GatewayOptions;
import io.millrace.gateway.GeoLookup;
import io.millrace.gateway.IngestGateway;
import io.millrace.gateway.access.WriteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real browser, a site, the real gateway and a real broker. Servers and browser live as long as
 * the JVM's tests; each test has a site, a write key and a browser profile of its own.
 */
final class Lab implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int PARTITIONS = 3;
  private static final String RAW = "events.raw";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger KEYS = new AtomicInteger();

  /**
   * Notes each event that the tracker queues, apart from the tracker, and where all tabs see it.
   */
  private static final String NOTE_WHAT_IS_MADE =
      """
      const setItem = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) {
        if (key.startsWith('millrace.queue.')) {
          const { eventId, eventType } = JSON.parse(value);
          (window.made ??= []).push(eventId);
          try {
            setItem.call(localStorage, 'made.' + eventId, eventType);
          } catch {
            // Full: the test asks window.made.
          }
        }
        return setItem.call(this, key, value);
      };
      """;

  private Servers servers;
  private BrowserContext context;
  private TestSite site;
  private String key;

  static {
    Awaitility.pollInSameThread(); // Playwright belongs to one thread
    Awaitility.setDefaultTimeout(PATIENCE);
  }

  @Override
  public void beforeAll(ExtensionContext test) {
    chromium()
        .ifPresent(
            chromium ->
                servers =
                    test.getRoot()
                        .getStore(ExtensionContext.Namespace.GLOBAL)
                        .getOrComputeIfAbsent(
                            Servers.class, ignored -> new Servers(chromium), Servers.class));
  }

  private static Optional<Path> chromium() {
    String named = System.getenv("MILLRACE_CHROMIUM");
    Stream<String> places =
        named != null
            ? Stream.of(named)
            : Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    return places.map(Path::of).filter(Files::isExecutable).findFirst();
  }

  @Override
  public void beforeEach(ExtensionContext test) throws IOException {
    assumeTrue(
        servers != null,
        "skipped: there is no Chromium; install one (Debian: apt-get install chromium), or name it"
            + " in MILLRACE_CHROMIUM");
    key = "site-" + KEYS.incrementAndGet();
    site = new TestSite(servers.gateway.port());
    site.page("/plain", "<title>No tracker here</title>");
    context = newProfile();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    if (context != null) {
      context.close();
      site.close();
    }
  }

  /** Another visitor's browser. */
  BrowserContext newProfile() {
    BrowserContext profile = servers.browser.newContext();
    profile.setDefaultTimeout(PATIENCE.toMillis());
    profile.addInitScript(NOTE_WHAT_IS_MADE);
    return profile;
  }

  TestSite site() {
    return site;
  }

  BrowserContext context() {
    return context;
  }

  String key() {
    return key;
  }

  EmbeddedBroker broker() {
    return servers.broker;
  }

  /** Puts a page with the tracker on the site; it needs no consent unless the attributes say so. */
  void page(String path, String script, String attributes, String body) {
    String consent =
        attributes.contains("data-require-consent") ? "" : " data-require-consent=false";
    site.page(
        path,
        "<title>Page %s</title><script src=\"/%s\" data-key=\"%s\"%s %s></script><body>%s"
            .formatted(path, script, key, consent, attributes, body));
  }

  Page open(String path) {
    Page page = context.newPage();
    page.navigate(site.url(path));
    return page;
  }

  /** Tracks numbered events, and counts what cannot be sent in the page's {@code failures}. */
  static void track(Page page, String type, int count) {
    page.evaluate(
        "([type, count]) => { window.failures ??= 0;"
            + " if (!failures) millrace.on('failed', () => failures++);"
            + " for (let n = 0; n < count; n++) millrace.track(type, { n }); }",
        List.of(type, count));
  }

  /**
   * The events of this test that Kafka holds, each once, as the jobs will see them: a page may send
   * an event again whose answer it did not live to read.
   */
  List<JsonNode> stored() {
    Map<String, JsonNode> events = new LinkedHashMap<>();
    copies().forEach(event -> events.putIfAbsent(event.path("eventId").asText(), event));
    return List.copyOf(events.values());
  }

  /** All that Kafka holds of this test, also what came twice. */
  List<JsonNode> copies() {
    return servers.broker.read(RAW, PARTITIONS).stream()
        .filter(record -> key.equals(EmbeddedBroker.header(record, "tenant")))
        .map(record -> parse(new String(record.value(), UTF_8)))
        .toList();
  }

  List<JsonNode> stored(String eventType) {
    return stored().stream().filter(e -> e.path("eventType").asText().equals(eventType)).toList();
  }

  /** Waits until Kafka holds as many events of a type, and gives them. */
  List<JsonNode> awaitStored(String eventType, int count) {
    await().until(() -> stored(eventType).size() >= count);
    return stored(eventType);
  }

  static Set<String> ids(List<JsonNode> events) {
    return events.stream()
        .map(event -> event.path("eventId").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Waits until Kafka holds exactly the events that the pages of this profile have made. */
  List<JsonNode> awaitAllMadeAreStored(int count) {
    await()
        .untilAsserted(
            () -> {
              Set<String> made = made();
              assertThat(made).hasSize(count);
              assertThat(ids(stored())).isEqualTo(made);
            });
    return stored();
  }

  /**
   * The ids of all events that the pages of this profile have made, asked on a page without
   * tracker.
   */
  Set<String> made() {
    return new TreeSet<>(localKeys("made."));
  }

  /** The keys of the browser's local storage that start so, without that start. */
  @SuppressWarnings("unchecked")
  List<String> localKeys(String prefix) {
    Page page = open("/plain");
    Object found =
        page.evaluate(
            "prefix => Object.keys(localStorage).filter(key => key.startsWith(prefix))"
                + ".map(key => key.slice(prefix.length))",
            prefix);
    page.close();
    return (List<String>) found;
  }

  /** Waits until the queue in the browser is empty: all is confirmed. */
  void awaitQueueIsEmpty() {
    await().until(() -> localKeys("millrace.queue.").isEmpty());
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("Kafka holds no JSON: " + json, e);
    }
  }

  /** What all tests share. */
  private static final class Servers implements AutoCloseable {
    final Path folder;
    final EmbeddedBroker broker;
    final IngestGateway gateway;
    final Playwright playwright;
    final Browser browser;

    Servers(Path chromium) {
      try {
        folder = Files.createTempDirectory("millrace-tracker");
        broker = new EmbeddedBroker(folder);
        broker.start();
        broker.createTopics(PARTITIONS, RAW, "events.dead-letter");
      } catch (Exception e) {
        throw new IllegalStateException("The test broker does not start", e);
      }
      gateway =
          IngestGateway.start(
              GatewayOptions.builder(broker.bootstrapServers())
                  .heartbeatAfter(Duration.ofHours(1))
                  .deliveryTimeout(Duration.ofSeconds(3))
                  .build(),
              presented -> Optional.of(new WriteKey(presented, "web", false, false)),
              GeoLookup.NONE,
              Clock.systemUTC());
      playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(chromium)
                      .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    }

    @Override
    public void close() throws IOException {
      playwright.close();
      gateway.close();
      broker.close();
      FileUtils.deleteDirectory(folder.toFile());
    }
  }
}
