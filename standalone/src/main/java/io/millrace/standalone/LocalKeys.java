package io.millrace.standalone;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The write keys that the platform made for its own commands.
 *
 * <p>The gateway reads {@code keys.json}, which holds hashes only, also of keys that a user added.
 * The keys themselves are in {@code keys.secret.json}, which only its owner can read.
 */
public final class LocalKeys {
  public static final String DEFAULT_TENANT = "default";

  private static final Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,64}");
  private static final String LIVE = "local-live";
  private static final String HISTORICAL = "local-historical";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The keys of a tenant: one for what happens now, one whose times are taken as they are. */
  public record Pair(String live, String historical) {}

  record Entry(String tenant, String name, String sha256, boolean historical, boolean serverSide) {}

  record KeyFile(List<Entry> keys) {}

  private final Map<String, Pair> pairs;

  private LocalKeys(Map<String, Pair> pairs) {
    this.pairs = pairs;
  }

  public static Path hashesFile(Path config) {
    return config.resolve("keys.json");
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
      if (!TENANT.matcher(tenant).matches()) {
        throw new PlatformException(
            ExitCode.USAGE,
            "Cannot make a write key: the tenant's name is '"
                + tenant
                + "'; give 1 to 64 lower-case letters, digits, - or _");
      }
      if (!pairs.containsKey(tenant)) {
        pairs.put(tenant, new Pair(randomKey(), randomKey()));
        isNew = true;
      }
    }
    if (isNew) {
      // The keys before their hashes: a kill between the two is mended by the next start.
      OwnerFile.write(secretsFile(config), JSON.writerWithDefaultPrettyPrinter(), pairs);
    }
    publish(config, pairs);
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

  private static void publish(Path config, Map<String, Pair> pairs) throws IOException {
    Path file = hashesFile(config);
    List<Entry> before =
        Files.exists(file) ? JSON.readValue(file.toFile(), KeyFile.class).keys() : List.of();
    List<Entry> after = new ArrayList<>();
    for (Entry entry : before) {
      boolean replaced =
          pairs.containsKey(entry.tenant())
              && (entry.name().equals(LIVE) || entry.name().equals(HISTORICAL));
      if (!replaced) {
        after.add(entry);
      }
    }
    for (Map.Entry<String, Pair> pair : pairs.entrySet()) {
      String tenant = pair.getKey();
      after.add(new Entry(tenant, LIVE, sha256(pair.getValue().live()), false, false));
      // What is replayed comes from a log, which says whose address and user agent it was.
      after.add(new Entry(tenant, HISTORICAL, sha256(pair.getValue().historical()), true, true));
    }
    if (!after.equals(before)) {
      OwnerFile.write(file, JSON.writerWithDefaultPrettyPrinter(), new KeyFile(after));
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
              + ", and \"millrace up --tenant "
              + tenant
              + "\" makes one");
    }
    return pair;
  }

  private static String randomKey() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String sha256(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
