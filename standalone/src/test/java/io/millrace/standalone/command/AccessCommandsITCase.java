package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.access.AccessDatabase;
import io.millrace.gateway.access.DailyQuota;
import io.millrace.gateway.access.PostgresKeys;
import io.millrace.gateway.access.TestPostgres;
import io.millrace.gateway.access.WriteKey;
import io.millrace.standalone.LocalKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands against a real Postgres. */
class AccessCommandsITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path config;
  private AccessDatabase database;
  private final Map<String, List<String>> dns = new HashMap<>();
  private boolean dnsAway;
  private String out;
  private String err;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestPostgres.newDatabase();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant",
        "tenant create",
        "tenant list",
        "tenant show",
        "tenant set",
        "tenant delete",
        "key",
        "key create",
        "key list",
        "key set",
        "key revoke",
        "domain",
        "domain add",
        "domain verify",
        "domain list",
        "domain remove"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run(command + " --help")).isZero();

    assertThat(out).contains("Usage: millrace " + command, "--output");
  }

  @Test
  void aTenantFromItsCreationToItsEnd() throws Exception {
    assertThat(run("tenant create acme dailyEventQuota=1000")).isZero();
    assertThat(out).contains("tenant        acme", "valid keys    2", "{\"dailyEventQuota\":1000}");
    assertThat(LocalKeys.read(config).of("acme").live()).hasSize(43);

    assertThat(
            run("tenant set acme catalogue.mode=strict dailyEventQuota=null privacy.scrub=false"))
        .isZero();
    assertThat(run("tenant show acme --output json")).isZero();
    assertThat(json().get("settings"))
        .isEqualTo(
            JSON.readTree("{\"catalogue\":{\"mode\":\"strict\"},\"privacy\":{\"scrub\":false}}"));
    assertThat(json().get("eventsToday").asLong()).isZero();
    assertThat(run("tenant set acme stripeWebhookSecret=whsec_c2VjcmV0")).isZero();
    assertThat(out).contains("\"stripeWebhookSecret\":\"(set)\"").doesNotContain("c2VjcmV0");
    assertThat(run("tenant set acme stripeWebhookSecret=null")).isZero();

    assertThat(run("tenant list")).isZero();
    assertThat(out.lines().toList().get(0)).isEqualTo("tenant  keys  events today  settings");
    assertThat(out.lines().toList().get(1)).startsWith("acme    2     0             {");
    assertThat(run("tenant list --output json")).isZero();
    assertThat(json()).hasSize(1);

    assertThat(run("tenant delete acme")).isEqualTo(6);
    assertThat(err)
        .isEqualToNormalizingNewlines(
            "millrace: Cannot delete the tenant: tenant acme has 2 valid write keys, whose senders"
                + " would be turned away; revoke them first, or delete it with its keys\n");
    assertThat(run("tenant delete acme --with-keys")).isZero();
    assertThat(out).isEqualToNormalizingNewlines("Deleted tenant acme.\n");
    assertThat(LocalKeys.read(config).tenants()).isEmpty();
  }

  @Test
  void aKeyIsShownOnceAndThenOnlyItsName() throws Exception {
    run("tenant create acme");

    assertThat(
            run(
                "key create web --tenant acme --origin https://*.example.com --event-type page_view"
                    + " --event-type click --requests-per-second 10 --events-per-second 100"
                    + " --events-burst 700 --output json"))
        .isZero();
    String key = json().get("key").asText();
    assertThat(key).matches("[A-Za-z0-9_-]{43}");
    assertThat(json().get("requests")).isEqualTo(JSON.readTree("{\"perSecond\":10,\"burst\":20}"));
    assertThat(json().get("events")).isEqualTo(JSON.readTree("{\"perSecond\":100,\"burst\":700}"));
    WriteKey known = find(key);
    assertThat(known.policy().allowsType("click")).isTrue();
    assertThat(known.policy().allowsType("purchase")).isFalse();
    assertThat(known.policy().origins().allow("https://a.example.com")).isTrue();

    assertThat(
            run(
                "key set web --tenant acme --origin all --event-type purchase"
                    + " --requests-per-second 0 --events-burst 800"))
        .isZero();
    assertThat(out)
        .contains("event types  purchase", "origins      all", "requests     no limit")
        .contains("events       100 per second (burst 800)")
        .doesNotContain(key);
    assertThat(find(key).policy().requests()).isNull();

    assertThat(run("key list --tenant acme")).isZero();
    assertThat(out).contains("web", "local-live", "historical, server-side").doesNotContain(key);

    assertThat(run("key revoke web --tenant acme")).isZero();
    assertThat(out).isEqualToNormalizingNewlines("Revoked key web of tenant acme.\n");
    assertThat(find(key)).isNull();
    run("key list --tenant acme --output json");
    assertThat(json()).hasSize(3);
    assertThat(json().get(2).get("revokedAt").asText()).startsWith("20");
    assertThat(json().get(2).has("key")).isFalse();
  }

  @Test
  void showsANewKeyToPeople() {
    run("tenant create acme");

    assertThat(run("key create import --tenant acme --historical --server-side")).isZero();

    assertThat(out.lines().toList().get(0))
        .isEqualTo("Write key import of tenant acme, shown this once:");
    assertThat(find(out.lines().toList().get(1)))
        .isEqualTo(new WriteKey("acme", "import", true, true));
  }

  @Test
  void aDomainCountsOnceItsRecordIsFound() throws Exception {
    run("tenant create acme");
    run("key create web --tenant acme");

    assertThat(run("domain add T.Example.com --tenant acme --key web --output json")).isZero();
    String token = json().get("token").asText();
    assertThat(json().get("state").asText()).isEqualTo("pending");
    assertThat(json().get("recordName").asText()).isEqualTo("_millrace.t.example.com");

    assertThat(run("domain verify t.example.com --tenant acme")).isEqualTo(1);
    assertThat(out)
        .isEqualToNormalizingNewlines(
            "Domain t.example.com of tenant acme is pending: the DNS has no record"
                + " _millrace.t.example.com. TXT \""
                + token
                + "\"; a new one may take its time\n");
    dnsAway = true;
    assertThat(run("domain verify t.example.com --tenant acme")).isEqualTo(5);
    assertThat(err)
        .isEqualToNormalizingNewlines("millrace: Cannot verify the domain: the DNS is away\n");
    dnsAway = false;
    dns.put("_millrace.t.example.com", List.of("v=spf1", token));
    assertThat(run("domain verify t.example.com --tenant acme")).isZero();
    assertThat(out)
        .isEqualToNormalizingNewlines("Domain t.example.com of tenant acme is verified.\n");

    run("domain list --tenant acme");
    assertThat(out.lines().toList().get(1)).startsWith("t.example.com  web  verified  _millrace.");
    assertThat(run("domain remove t.example.com --tenant acme")).isZero();
    run("domain list --tenant acme --output json");
    assertThat(json()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tenant                                   | 2 | no command is given; give one of [create, list, show, set, delete]
          tenant create                            | 2 | Missing required parameter: 'NAME'
          tenant set acme                          | 2 | Missing required parameter: 'SETTING=VALUE'
          tenant show no                           | 6 | Cannot show the tenant: there is no tenant "no"; "millrace tenant list" shows those there are
          tenant create acme                       | 6 | Cannot create the tenant: tenant acme is there already; give another name
          tenant create A                          | 6 | Cannot create the tenant: the tenant is "A"; give 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit
          tenant set acme privacy                  | 6 | Cannot change the tenant: the setting is "privacy"; give name=value, for example dailyEventQuota=100000
          tenant set acme dailyEventQuota=few      | 6 | Cannot change the tenant: dailyEventQuota is "few"; give a whole number above 0, or null for any number
          tenant set acme quota=5                  | 6 | Cannot change the tenant: there is no setting "quota"; there are catalogue, dailyEventQuota, privacy, stripeWebhookSecret
          key create                               | 2 | Missing required parameter: 'NAME'
          key create web                           | 6 | Cannot create the key: there is no tenant "default"; "millrace tenant list" shows those there are
          key create web --tenant acme --origin x  | 6 | Cannot create the key: the origin is "x": it has no path and no user, and * only stands before a domain; give https://example.com or https://*.example.com
          key create web --tenant acme --event-type A | 6 | Cannot create the key: the event type is "A"; it starts with a letter a-z and goes on with a-z, 0-9, _ and ., at most 64
          key create web --tenant acme --requests-per-second -1 | 6 | Cannot create the key: the rate is -1; give 1 to 1000000 (per second)
          key create web --tenant acme --requests-per-second x | 2 | Invalid value for option '--requests-per-second': 'x' is not an int
          key create web --tenant acme --events-burst 5 | 6 | Cannot create the key: --events-burst is given without a rate; give --events-per-second too
          key create local-live --tenant acme      | 6 | Cannot create the key: key local-live of tenant acme is there already, or was revoked; give another name
          key set no --tenant acme                 | 6 | Cannot change the key: there is no key no of tenant acme; "millrace key list --tenant acme" shows those there are
          key revoke no --tenant acme              | 6 | Cannot revoke the key: there is no key no of tenant acme; "millrace key list --tenant acme" shows those there are
          key list --tenant no                     | 6 | Cannot list the keys: there is no tenant "no"; "millrace tenant list" shows those there are
          domain add t.example.com --tenant acme   | 2 | Missing required option: '--key=NAME'
          domain add localhost --tenant acme --key local-live | 6 | Cannot add the domain: the host is "localhost"; give a full host name of at most 243 characters, such as t.example.com
          domain add t.example.com --tenant acme --key no | 6 | Cannot add the domain: there is no key no of tenant acme; "millrace key list --tenant acme" shows those there are
          domain verify t.example.com --tenant acme | 6 | Cannot verify the domain: tenant acme has no domain t.example.com; "millrace domain list --tenant acme" shows those there are
          domain remove t.example.com --tenant acme | 6 | Cannot remove the domain: tenant acme has no domain t.example.com; "millrace domain list --tenant acme" shows those there are
          up --trusted-proxy proxy.example         | 2 | Cannot start: the trusted proxy is "proxy.example"; give a network such as 10.0.0.0/8 or 2001:db8::/32, or one address
          up --trusted-proxy 10.0.0.0/8 --proxy-header x-real-ip | 2 | Cannot start: the proxies' header is "x-real-ip"; give x-forwarded-for or forwarded
          """)
  void saysWhatIsWrong(String command, int code, String message) {
    run("tenant create acme");

    assertThat(run(command)).isEqualTo(code);

    assertThat(err.lines().findFirst()).hasValue("millrace: " + message);
  }

  @Test
  void saysThatPostgresIsAway() {
    database = new AccessDatabase("jdbc:postgresql://127.0.0.1:1/millrace", "postgres", "");

    assertThat(run("key list")).isEqualTo(5);

    assertThat(err)
        .startsWith(
            "millrace: Cannot list the keys: Postgres at jdbc:postgresql://127.0.0.1:1/millrace"
                + " fails: Connection to 127.0.0.1:1 refused.");
  }

  /** As the gateway knows it. */
  private WriteKey find(String key) {
    try (PostgresKeys keys = PostgresKeys.start(database, new DailyQuota(), Clock.systemUTC())) {
      return keys.find(key).orElse(null);
    }
  }

  private JsonNode json() throws IOException {
    return JSON.readTree(out);
  }

  private int run(String words) {
    StringWriter said = new StringWriter();
    StringWriter failed = new StringWriter();
    CommandLine line =
        CommandLines.create(
            new RootCommand(),
            new AccessPlace(() -> database, () -> config, this::texts, Clock.systemUTC()));
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(failed));
    int code = line.execute(words.split(" "));
    out = said.toString();
    err = failed.toString();
    return code;
  }

  private List<String> texts(String name) throws IOException {
    if (dnsAway) {
      throw new IOException("the DNS is away");
    }
    return dns.getOrDefault(name, List.of());
  }
}
