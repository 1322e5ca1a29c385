package io.millrace.standalone.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.Platform;
import io.millrace.standalone.PlatformOptions;
import io.millrace.standalone.PlatformParts;
import io.millrace.standalone.RunningKeys;
import io.millrace.standalone.pipeline.LakeReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A visitor of a real page, in a real browser, up to the rows of the lake. */
class TrackedPageITCase {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where a look at what the tests saw is kept. */
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  /** What the visitor does here; of other types more may come while the page is left. */
  private static final Set<String> DONE =
      Set.of("page_view", "product_click", "purchase", "error", "form_start", "form_submit");

  @TempDir Path data;

  private final List<String> complaints = new ArrayList<>();

  @Test
  void everyEventThatThePageCallsStoredIsARowOfTheLake() throws Exception {
    Optional<Path> chromium = chromium();
    assumeTrue(
        chromium.isPresent(),
        "skipped: there is no Chromium; install one (Debian: apt-get install chromium), or name it"
            + " in MILLRACE_CHROMIUM");
    PlatformOptions options = PlatformOptions.defaults(data);
    try (Platform platform =
            Platform.start(
                options,
                PlatformParts.pipeline(options),
                PlatformParts.gateway(),
                Clock.systemUTC(),
                (part, address, took) -> {});
        Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")))) {
      URI gateway = platform.running().gateway();
      String key = new RunningKeys(() -> new DataFolder(data)).liveKey(LocalKeys.DEFAULT_TENANT);

      Map<String, Long> shown;
      try (TrackedPage site = TrackedPage.start(0, gateway, key)) {
        shown = visit(browser.newPage(), site.url());
      }
      seeTheDocs(browser.newPage(), gateway);

      assertThat(shown).containsOnlyKeys(DONE);
      assertThat(shown).containsEntry("page_view", 2L).containsEntry("product_click", 2L);
      LakeReader lake = new LakeReader(platform.running().lake().catalog());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(types(lake)).containsAllEntriesOf(shown));
    }
  }

  /** What the page shows as stored, by type. */
  private Map<String, Long> visit(Page page, URI url) throws Exception {
    page.navigate(url.toString());
    page.click("text=Kettle");
    page.click("text=Teapot");
    page.click("#buy");
    page.click("#fail");
    page.fill("[name=email]", "you@example.org");
    page.click("text=Subscribe");
    page.click("text=About");
    page.waitForFunction("document.querySelectorAll('#events tr').length >= 8");
    page.waitForFunction(
        "[...document.querySelectorAll('#events td:last-child')]"
            + ".every(cell => cell.textContent === 'stored')");
    keep(page, "tracked-page.png");
    return page.locator("#events td:nth-child(2)").allTextContents().stream()
        .filter(DONE::contains)
        .collect(Collectors.groupingBy(type -> type, Collectors.counting()));
  }

  private void seeTheDocs(Page page, URI gateway) throws Exception {
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.navigate(gateway.resolve("/docs").toString());
    page.click("text=Store events");
    page.waitForSelector("text=Answer with a body also when all is stored");
    keep(page, "docs.png");
    assertThat(complaints).isEmpty();
  }

  private static void keep(Page page, String name) throws Exception {
    Files.createDirectories(SCREENSHOTS);
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name)));
  }

  private static Map<String, Long> types(LakeReader lake) throws Exception {
    List<Record> rows = lake.rows("events", "event_type");
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> (String) row.getField("event_type"), Collectors.counting()));
  }

  private static Optional<Path> chromium() {
    String named = System.getenv("MILLRACE_CHROMIUM");
    return Stream.of(
            named == null ? "/usr/bin/chromium" : named,
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
