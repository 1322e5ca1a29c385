package io.millrace.standalone;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.access.KeyHash;
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
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The write keys that the platform made for its own commands.
 *
 * <p>The keys are in {@code keys.secret.json}, which only its owner can read. The gateway finds
 * their hashes in Postgres, beside those of the keys that users make.
 */
public final class LocalKeys {
  public static final String DEFAULT_TENANT = "default";

  private static final String LIVE = "local-live";
  private static final String HISTORICAL = "local-historical";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The keys of a tenant: one for what happens now, one whose times are taken as they are. */
  public record Pair(String live, String historical) {}

  private final Map<String, Pair> pairs;

  private LocalKeys(Map<String, Pair> pairs) {
    this.pairs = pairs;
  }

  static Path secretsFile(Path config) {
    return config.resolve("keys.secret.json");
  }

  /** Reads the keys and makes those of new tenants. */
  public static LocalKeys createMissing(Path config, Collection<String> tenants)
      throws IOException {
    Map<String, Pair> pairs = new TreeMap<>(read(config).pairs);
    boolean isNew = false;
    for (String tenant : tenants) {
      try {
        WriteKey.requireTenant(tenant);
      } catch (IllegalArgumentException e) {
        throw new PlatformException(
            ExitCode.USAGE, "Cannot make a write key: " + e.getMessage(), e);
      }
      if (!pairs.containsKey(tenant)) {
        pairs.put(tenant, new Pair(KeyHash.newKey(), KeyHash.newKey()));
        isNew = true;
      }
    }
    if (isNew) {
      // The keys before their hashes are published: a kill in between is mended by the next start.
      OwnerFile.write(secretsFile(config), JSON.writerWithDefaultPrettyPrinter(), pairs);
    }
    return new LocalKeys(pairs);
  }

  /** Reads the keys that exist. */
  public static LocalKeys read(Path config) throws IOException {
    Path file = secretsFile(config);
    return new LocalKeys(
        Files.exists(file)
            ? JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, Pair>>() {})
            : Map.of());
  }

  /** The tenant is gone, and its keys with it. */
  public static void forget(Path config, String tenant) throws IOException {
    Map<String, Pair> pairs = new TreeMap<>(read(config).pairs);
    if (pairs.remove(tenant) != null) {
      OwnerFile.write(secretsFile(config), JSON.writerWithDefaultPrettyPrinter(), pairs);
    }
  }

  /**
   * Makes the gateway know the keys: by their hashes, in Postgres. A key that somebody revoked
   * there stays revoked.
   */
  public void publish(Connection connection, Clock clock) throws SQLException {
    TenantStore tenants = new TenantStore(connection, clock);
    KeyStore keys = new KeyStore(connection);
    for (Map.Entry<String, Pair> pair : pairs.entrySet()) {
      String tenant = pair.getKey();
      tenants.createIfMissing(tenant, TenantSettings.DEFAULT);
      keys.createOrReplace(
          new WriteKey(tenant, LIVE, false, false), KeyHash.sha256(pair.getValue().live()));
      // What is replayed comes from a log, which says whose address and user agent it was.
      keys.createOrReplace(
          new WriteKey(tenant, HISTORICAL, true, true),
          KeyHash.sha256(pair.getValue().historical()));
    }
  }

  public Collection<String> tenants() {
    return pairs.keySet();
  }

  /** The keys of a tenant. */
  public Pair of(String tenant) {
    Pair pair = pairs.get(tenant);
    if (pair == null) {
      throw new PlatformException(
          ExitCode.USAGE,
          "There is no write key for tenant '"
              + tenant
              + "'; known are "
              + pairs.keySet()
              + ", and \"millrace tenant create "
              + tenant
              + "\" makes one");
    }
    return pair;
  }
}
