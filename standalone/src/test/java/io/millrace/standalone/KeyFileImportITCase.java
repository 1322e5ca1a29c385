package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.access.KeyHash;
import io.millrace.gateway.access.KeyStore;
import io.millrace.gateway.access.KeyStore.StoredKey;
import io.millrace.gateway.access.TenantStore;
import io.millrace.gateway.access.TestPostgres;
import io.millrace.gateway.access.WriteKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileImportITCase {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path config;
  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    connection = TestPostgres.newDatabase().connect();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void takesOverTheKeysOfAnEarlierVersionOnce() throws Exception {
    LocalKeys local = LocalKeys.createMissing(config, List.of("default"));
    write(
        entry("default", "local-live", local.of("default").live(), false, false),
        entry("default", "local-historical", local.of("default").historical(), true, true),
        entry("acme", "web", "web-key", false, false),
        entry("acme", "server", "server-key", false, true));

    KeyFileImport.run(config, connection, CLOCK);
    local.publish(connection, CLOCK);
    KeyFileImport.run(config, connection, CLOCK);

    assertThat(new TenantStore(connection, CLOCK).list())
        .extracting(TenantStore.StoredTenant::name)
        .containsExactly("acme", "default");
    assertThat(new KeyStore(connection).list("default"))
        .extracting(StoredKey::name)
        .containsExactly("local-historical", "local-live");
    StoredKey server = new KeyStore(connection).find(new WriteKey.Id("acme", "server"));
    assertThat(server.serverSide()).isTrue();
    assertThat(KeyHash.sha256Hex("server-key")).startsWith(server.hashStart());
    assertThat(KeyFileImport.file(config)).doesNotExist();
    assertThat(KeyFileImport.imported(config)).exists();
  }

  @Test
  void aKillInTheMiddleIsMendedByTheNextStartAndARevokedKeyStaysRevoked() throws Exception {
    write(entry("acme", "web", "web-key", false, false));
    KeyFileImport.run(config, connection, CLOCK);
    Files.move(KeyFileImport.imported(config), KeyFileImport.file(config));
    new KeyStore(connection).revoke(new WriteKey.Id("acme", "web"));

    KeyFileImport.run(config, connection, CLOCK);

    assertThat(new KeyStore(connection).find(new WriteKey.Id("acme", "web")).revokedAt())
        .isNotNull();
  }

  @Test
  void aRevokedLocalKeyStaysRevokedAndALostOneIsReplaced() throws Exception {
    WriteKey.Id live = new WriteKey.Id("default", "local-live");
    KeyStore keys = new KeyStore(connection);
    LocalKeys.createMissing(config, List.of("default")).publish(connection, CLOCK);
    String before = keys.find(live).hashStart();
    keys.revoke(live);

    LocalKeys.createMissing(config, List.of("default")).publish(connection, CLOCK);
    assertThat(keys.find(live).revokedAt()).isNotNull();

    Files.delete(LocalKeys.secretsFile(config));
    LocalKeys.createMissing(config, List.of("default")).publish(connection, CLOCK);
    assertThat(keys.find(live).revokedAt()).isNull();
    assertThat(keys.find(live).hashStart()).isNotEqualTo(before);
  }

  @Test
  void saysWhatIsWrongWithTheFileAndLeavesIt() throws Exception {
    Files.writeString(
        KeyFileImport.file(config),
        "{\"keys\":[{\"tenant\":\"acme\",\"name\":\"web\",\"sha256\":\"xyz\"}]}");

    assertThatThrownBy(() -> KeyFileImport.run(config, connection, CLOCK))
        .isInstanceOf(PlatformException.class)
        .hasMessageStartingWith(
            "Cannot take over the write keys of " + KeyFileImport.file(config) + ": ")
        .hasMessageEndingWith(
            "; mend the file, or move it away and make new keys with \"millrace key create\"");
    assertThat(KeyFileImport.file(config)).exists();
  }

  private void write(String... entries) throws Exception {
    Files.writeString(KeyFileImport.file(config), "{\"keys\":[" + String.join(",", entries) + "]}");
  }

  private static String entry(
      String tenant, String name, String key, boolean historical, boolean serverSide) {
    return String.format(
        "{\"tenant\":\"%s\",\"name\":\"%s\",\"sha256\":\"%s\",\"historical\":%s,\"serverSide\":%s}",
        tenant, name, KeyHash.sha256Hex(key), historical, serverSide);
  }
}
