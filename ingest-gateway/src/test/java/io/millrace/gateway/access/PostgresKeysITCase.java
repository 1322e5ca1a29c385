package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.millrace.domain.catalogue.CatalogueMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresKeysITCase {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Clock CLOCK = Clock.systemUTC();

  private AccessDatabase database;
  private Connection connection;
  private TenantStore tenants;
  private KeyStore keys;
  private DomainStore domains;
  private final DailyQuota quota = new DailyQuota();
  private PostgresKeys running;

  @BeforeEach
  void start() throws Exception {
    database = TestPostgres.newDatabase();
    connection = database.connect();
    tenants = new TenantStore(connection, CLOCK);
    keys = new KeyStore(connection);
    domains = new DomainStore(connection);
    tenants.create("acme", TenantSettings.DEFAULT);
    keys.create(new WriteKey("acme", "web", false, false), KeyHash.sha256("web-key"));
    running = PostgresKeys.start(database, quota, CLOCK);
  }

  @AfterEach
  void stop() throws Exception {
    running.close();
    connection.close();
  }

  @Test
  void knowsTheKeysAtOnceAndKeepsOnlyTheirHashes() throws Exception {
    assertThat(running.find("web-key")).hasValue(new WriteKey("acme", "web", false, false));
    assertThat(running.find("WEB-KEY")).isEmpty();
    assertThat(running.staleness()).isEmpty();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT k::text FROM write_keys k")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).contains(KeyHash.sha256Hex("web-key")).doesNotContain("web-key");
    }
  }

  @Test
  void everyChangeCountsWithinFiveSeconds() throws Exception {
    KeyPolicy policy =
        new KeyPolicy(
            Set.of("page_view"),
            AllowedOrigins.of(List.of("https://*.example.com")),
            new Rate(1, 2),
            new Rate(3, 4));
    WriteKey app = new WriteKey("acme", "app", true, true, policy, TenantSettings.DEFAULT);

    keys.create(app, KeyHash.sha256("app-key"));
    await().atMost(SOON).until(() -> running.find("app-key").isPresent());
    assertThat(running.find("app-key")).hasValue(app);

    tenants.change("acme", TenantSettings.DEFAULT.with("dailyEventQuota", "7"));
    await()
        .atMost(SOON)
        .until(() -> running.find("app-key").get().settings().dailyEventQuota() != null);
    assertThat(running.find("web-key").get().settings().dailyEventQuota()).isEqualTo(7);

    keys.change(app.id(), KeyPolicy.OPEN);
    await().atMost(SOON).until(() -> running.find("app-key").get().policy().equals(KeyPolicy.OPEN));

    keys.revoke(app.id());
    await().atMost(SOON).until(() -> running.find("app-key").isEmpty());
    assertThat(running.find("web-key")).isPresent();

    tenants.deleteWithKeys("acme");
    await().atMost(SOON).until(() -> running.find("web-key").isEmpty());
  }

  @Test
  void theSettingsOfATenantAreTheSameObjectUntilTheyChange() throws Exception {
    TenantSettings before = running.settings("acme");

    keys.create(new WriteKey("acme", "app", false, false), KeyHash.sha256("app-key"));
    await().atMost(SOON).until(() -> running.find("app-key").isPresent());
    assertThat(running.settings("acme")).isSameAs(before);
    assertThat(running.find("app-key").get().settings()).isSameAs(before);

    tenants.change("acme", before.with("catalogue.mode", "strict"));
    await().atMost(SOON).until(() -> running.settings("acme") != before);
    assertThat(running.settings("acme").policy().catalogue().mode())
        .isEqualTo(CatalogueMode.STRICT);
    assertThat(running.settings("nobody")).isSameAs(TenantSettings.DEFAULT);
  }

  @Test
  void aDomainLeadsToItsKeyFromItsProofToItsRemoval() throws Exception {
    DomainStore.StoredDomain domain = domains.add("T.acme.example", new WriteKey.Id("acme", "web"));

    assertThat(domains.verify("t.acme.example", "acme", name -> List.of())).isFalse();
    assertThat(running.ofHost("t.acme.example")).isEmpty();
    assertThat(
            domains.verify(
                "t.acme.example",
                "acme",
                name ->
                    name.equals(domain.recordName()) ? List.of("x", domain.token()) : List.of()))
        .isTrue();
    await().atMost(SOON).until(() -> running.ofHost("t.acme.example").isPresent());
    assertThat(running.ofHost("t.acme.example")).isEqualTo(running.find("web-key"));

    domains.remove("t.acme.example", "acme");
    await().atMost(SOON).until(() -> running.ofHost("t.acme.example").isEmpty());
  }

  @Test
  void aRevokedKeyTakesItsDomainWithIt() throws Exception {
    DomainStore.StoredDomain domain = domains.add("t.acme.example", new WriteKey.Id("acme", "web"));
    domains.verify("t.acme.example", "acme", name -> List.of(domain.token()));
    await().atMost(SOON).until(() -> running.ofHost("t.acme.example").isPresent());

    keys.revoke(new WriteKey.Id("acme", "web"));

    await().atMost(SOON).until(() -> running.ofHost("t.acme.example").isEmpty());
  }

  @Test
  void keepsTheKeysWhileTheServerIsAwayAndSaysSo() throws Exception {
    TestPostgres.cutOff(database);
    await().atMost(Duration.ofSeconds(15)).until(() -> running.staleness().isPresent());

    assertThat(running.staleness().get())
        .startsWith("the database of write keys and quotas fails, " + database.jdbcUrl() + ": ");
    assertThat(running.find("web-key")).isPresent();
    await().atMost(SOON).until(() -> running.ageSeconds() > 2);

    TestPostgres.reconnect(database);
    await().atMost(Duration.ofSeconds(15)).until(() -> running.staleness().isEmpty());
    assertThat(running.ageSeconds()).isLessThan(5);
    try (Connection again = database.connect()) {
      new KeyStore(again).revoke(new WriteKey.Id("acme", "web"));
    }
    await().atMost(SOON).until(() -> running.find("web-key").isEmpty());
  }

  @Test
  void whatSomebodySpoiltByHandStaysAsItWasAndTheRestGoesOn() throws Exception {
    keys.create(new WriteKey("acme", "app", false, false), KeyHash.sha256("app-key"));
    await().atMost(SOON).until(() -> running.find("app-key").isPresent());

    execute("UPDATE write_keys SET origins = '{nonsense}' WHERE name = 'web'");
    await().atMost(SOON).until(() -> running.staleness().isPresent());
    keys.revoke(new WriteKey.Id("acme", "app"));
    await().atMost(SOON).until(() -> running.find("app-key").isEmpty());

    assertThat(running.staleness().get())
        .startsWith(
            "some keys are not as they stand in the database: [key web of tenant acme: the origin"
                + " is \"nonsense\"");
    assertThat(running.find("web-key")).hasValue(new WriteKey("acme", "web", false, false));
    execute("UPDATE write_keys SET origins = '{}' WHERE name = 'web'");
    await().atMost(SOON).until(() -> running.staleness().isEmpty());

    execute("UPDATE tenants SET settings = '{\"dailyEventQuota\":-1}'");
    await().atMost(SOON).until(() -> running.staleness().isPresent());
    assertThat(running.staleness().get())
        .contains("[tenant acme: dailyEventQuota is -1; give a whole number above 0");
    assertThat(running.find("web-key")).hasValue(new WriteKey("acme", "web", false, false));
  }

  @Test
  void theQuotaSurvivesARestartAndIsSharedWithOtherGateways() throws Exception {
    DailyQuota elsewhere = new DailyQuota();
    try (PostgresKeys other = PostgresKeys.start(database, elsewhere, CLOCK)) {
      quota.take("acme", null, 30, CLOCK.millis());

      await().atMost(SOON).until(() -> elsewhere.used("acme", CLOCK.millis()) == 30);
      elsewhere.take("acme", null, 12, CLOCK.millis());
      assertThat(other.staleness()).isEmpty();
    }
    await().atMost(SOON).until(() -> quota.used("acme", CLOCK.millis()) == 42);
    assertThat(tenants.find("acme").eventsToday()).isEqualTo(42);

    DailyQuota restarted = new DailyQuota();
    try (PostgresKeys again = PostgresKeys.start(database, restarted, CLOCK)) {
      assertThat(again.find("web-key")).isPresent();
      assertThat(restarted.used("acme", CLOCK.millis())).isEqualTo(42);
    }
  }

  @Test
  void migratesAsOftenAsItIsStarted() {
    database.migrate();

    assertThat(running.find("web-key")).isPresent();
  }

  @Test
  void saysThatItCannotStartWithoutItsServer() {
    AccessDatabase nowhere = new AccessDatabase("jdbc:postgresql://127.0.0.1:1/x", "u", "secret");

    assertThatIllegalStateException()
        .isThrownBy(() -> PostgresKeys.start(nowhere, new DailyQuota(), CLOCK))
        .withMessageStartingWith(
            "Cannot read the write keys from jdbc:postgresql://127.0.0.1:1/x: Connection to"
                + " 127.0.0.1:1 refused");
    assertThatIllegalStateException()
        .isThrownBy(nowhere::migrate)
        .withMessageStartingWith(
            "Cannot prepare the tables of tenants and write keys in"
                + " jdbc:postgresql://127.0.0.1:1/x: ");
    assertThat(nowhere.toString()).doesNotContain("secret");
  }

  private void execute(String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
