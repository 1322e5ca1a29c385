package io.millrace.standalone;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.gateway.access.KeyStore;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.TenantStore;
import io.millrace.gateway.access.WriteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/**
 * Takes over the write keys of an earlier version, which lay in {@code config/keys.json}, once. The
 * file is kept under another name.
 */
final class KeyFileImport {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private record KeyFile(List<Entry> keys) {}

  private record Entry(
      String tenant, String name, String sha256, boolean historical, boolean serverSide) {}

  private KeyFileImport() {}

  static Path file(Path config) {
    return config.resolve("keys.json");
  }

  static Path imported(Path config) {
    return config.resolve("keys.json.imported");
  }

  static void run(Path config, Connection connection, Clock clock)
      throws IOException, SQLException {
    Path file = file(config);
    if (!Files.exists(file)) {
      return;
    }
    TenantStore tenants = new TenantStore(connection, clock);
    KeyStore keys = new KeyStore(connection);
    try {
      for (Entry entry : JSON.readValue(file.toFile(), KeyFile.class).keys()) {
        WriteKey key =
            new WriteKey(entry.tenant(), entry.name(), entry.historical(), entry.serverSide());
        tenants.createIfMissing(key.tenant(), TenantSettings.DEFAULT);
        keys.createIfMissing(key, HexFormat.of().parseHex(entry.sha256()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot take over the write keys of "
              + file
              + ": "
              + e.getMessage()
              + "; mend the file, or move it away and make new keys with \"millrace key create\"",
          e);
    }
    // Only now: a kill before it repeats the import, which then finds everything there.
    Files.move(file, imported(config));
  }
}
