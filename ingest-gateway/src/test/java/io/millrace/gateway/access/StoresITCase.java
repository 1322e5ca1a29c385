package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoresITCase {
  private static final WriteKey.Id WEB = new WriteKey.Id("acme", "web");

  private Connection connection;
  private TenantStore tenants;
  private KeyStore keys;
  private DomainStore domains;

  @BeforeEach
  void connect() throws Exception {
    connection = TestPostgres.newDatabase().connect();
    tenants = new TenantStore(connection, Clock.systemUTC());
    keys = new KeyStore(connection);
    domains = new DomainStore(connection);
    tenants.create("acme", TenantSettings.DEFAULT);
    tenants.create("other", TenantSettings.DEFAULT);
    keys.create(new WriteKey("acme", "web", false, false), KeyHash.sha256("web-key"));
    keys.create(new WriteKey("other", "web", false, false), KeyHash.sha256("other-key"));
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void refusesATenantTwiceAndOneThatIsNotThere() {
    assertRefused(
        () -> tenants.create("acme", TenantSettings.DEFAULT),
        "tenant acme is there already; give another name");
    String unknown = "there is no tenant \"acne\"; \"millrace tenant list\" shows those there are";
    assertRefused(() -> tenants.find("acne"), unknown);
    assertRefused(() -> tenants.change("acne", TenantSettings.DEFAULT), unknown);
    assertRefused(() -> tenants.delete("acne"), unknown);
    assertRefused(() -> tenants.deleteWithKeys("acne"), unknown);
    assertRefused(
        () -> keys.create(new WriteKey("acne", "web", false, false), KeyHash.sha256("x")), unknown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "-a", "a|b", "a'; DROP TABLE tenants; --"})
  void refusesANameThatIsNone(String name) {
    assertRefused(
        () -> tenants.create(name, TenantSettings.DEFAULT),
        "the tenant is \""
            + name
            + "\"; give 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit");
  }

  @Test
  void deletesATenantOnlyWhenNoSenderWouldBeTurnedAwayOrWhenThatIsMeant() throws Exception {
    assertRefused(
        () -> tenants.delete("acme"),
        "tenant acme has 1 valid write keys, whose senders would be turned away; revoke them"
            + " first, or delete it with its keys");

    keys.revoke(WEB);
    tenants.delete("acme");
    tenants.deleteWithKeys("other");

    assertThat(tenants.list()).isEmpty();
    assertThat(keys.list("acme")).isEmpty();
  }

  @Test
  void aKeyIsRevokedForGood() throws Exception {
    keys.revoke(WEB);

    assertThat(keys.find(WEB).revokedAt()).isNotNull();
    assertThat(keys.find(WEB).hashStart()).isEqualTo(KeyHash.sha256Hex("web-key").substring(0, 12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys.revoke(WEB))
        .withMessageStartingWith("key web of tenant acme was revoked at 2")
        .withMessageEndingWith(" for good; create another");
    assertThatIllegalArgumentException().isThrownBy(() -> keys.change(WEB, KeyPolicy.OPEN));
    assertRefused(
        () -> keys.create(new WriteKey("acme", "web", false, false), KeyHash.sha256("new")),
        "key web of tenant acme is there already, or was revoked; give another name");
    assertRefused(
        () -> keys.revoke(new WriteKey.Id("acme", "app")),
        "there is no key app of tenant acme; \"millrace key list --tenant acme\" shows those there"
            + " are");
  }

  @Test
  void theSameKeyAgainChangesNothingAndANewOneOfTheSameNameReplacesIt() throws Exception {
    WriteKey web = new WriteKey("acme", "web", false, false);
    keys.revoke(WEB);

    keys.createOrReplace(web, KeyHash.sha256("web-key"));
    boolean isNew = keys.createIfMissing(web, KeyHash.sha256("web-key"));
    assertThat(isNew).isFalse();
    assertThat(keys.find(WEB).revokedAt()).isNotNull();

    keys.createOrReplace(web, KeyHash.sha256("web-key-2"));
    assertThat(keys.find(WEB).revokedAt()).isNull();
    assertThat(keys.find(WEB).hashStart())
        .isEqualTo(KeyHash.sha256Hex("web-key-2").substring(0, 12));
  }

  @Test
  void aClaimKeepsNobodyOutAndAProofDoes() throws Exception {
    DomainStore.StoredDomain claimed = domains.add("t.example.com", WEB);
    WriteKey.Id otherKey = new WriteKey.Id("other", "web");
    DomainStore.StoredDomain owned = domains.add("t.example.com", otherKey);

    assertThat(domains.verify("t.example.com", "other", name -> List.of(owned.token()))).isTrue();

    assertThat(claimed.token()).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(owned.token());
    assertThat(claimed.recordName()).isEqualTo("_millrace.t.example.com");
    assertThat(domains.find("t.example.com", "other").verifiedAt()).isNotNull();
    assertThat(domains.verify("t.example.com", "acme", name -> List.of(owned.token()))).isFalse();
    assertRefused(
        () -> domains.verify("t.example.com", "acme", name -> List.of(claimed.token())),
        "domain t.example.com is verified for another tenant; remove it there first");
    assertThat(domains.find("t.example.com", "acme").verifiedAt()).isNull();
  }

  @Test
  void saysWhyADomainCannotBeAddedVerifiedOrRemoved() throws Exception {
    domains.add("t.example.com", WEB);

    assertRefused(
        () -> domains.add("T.EXAMPLE.com", WEB),
        "domain t.example.com of tenant acme is there already");
    assertRefused(
        () -> domains.add("u.example.com", new WriteKey.Id("acme", "no")),
        "there is no key no of tenant acme; \"millrace key list --tenant acme\" shows those there"
            + " are");
    String unknown =
        "tenant other has no domain t.example.com; \"millrace domain list --tenant other\" shows"
            + " those there are";
    assertRefused(() -> domains.verify("t.example.com", "other", name -> List.of()), unknown);
    assertRefused(() -> domains.remove("t.example.com", "other"), unknown);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                domains.verify(
                    "t.example.com",
                    "acme",
                    name -> {
                      throw new IOException("the DNS gave no answer for " + name);
                    }))
        .withMessage("the DNS gave no answer for _millrace.t.example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "T.Example.COM, t.example.com",
    "bücher.example, xn--bcher-kva.example",
    "a-b.example.com, a-b.example.com"
  })
  void writesAHostAsTheDnsKnowsIt(String given, String kept) {
    assertThat(DomainStore.hostName(given)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "a..b",
        "t.example.com.",
        "t.example.com:443",
        "https://t.example.com",
        "*.example.com",
        "_x.example.com",
        "exa mple.com",
        "10.0.0.1",
        "[::1]"
      })
  void refusesWhatIsNoFullHostName(String given) {
    assertRefused(
        () -> DomainStore.hostName(given),
        "the host is \""
            + given
            + "\"; give a full host name of at most 243 characters, such as t.example.com");
  }

  private interface Refused {
    void run() throws Exception;
  }

  private static void assertRefused(Refused refused, String message) {
    assertThatIllegalArgumentException().isThrownBy(refused::run).withMessage(message);
  }
}
