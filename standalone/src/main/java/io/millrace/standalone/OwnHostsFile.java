package io.millrace.standalone;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tenants' own sites, kept in the data folder: a restart must not change what counts as a
 * referral.
 */
final class OwnHostsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OwnHostsFile() {}

  /** What is kept, with the tenants that are given now in place of what was kept of them. */
  static Map<String, Set<String>> remember(Path config, Map<String, Set<String>> given)
      throws IOException {
    Path file = config.resolve("own-hosts.json");
    Map<String, Set<String>> kept =
        Files.exists(file)
            ? JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, Set<String>>>() {})
            : Map.of();
    Map<String, Set<String>> now = new TreeMap<>(kept);
    given.forEach((tenant, hosts) -> now.put(tenant, new TreeSet<>(hosts)));
    if (!now.equals(kept)) {
      OwnerFile.write(file, JSON.writerWithDefaultPrettyPrinter(), now);
    }
    return now;
  }
}
