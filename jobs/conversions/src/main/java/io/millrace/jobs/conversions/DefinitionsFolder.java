package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.InvalidDefinitionsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A folder with a file {@code <tenant>.yaml} for each tenant that defines something. */
public final class DefinitionsFolder {
  private static final String SUFFIX = ".yaml";

  private DefinitionsFolder() {}

  /**
   * Reads all files, for a start.
   *
   * @param folder may be missing, and then no tenant has any definitions
   * @throws InvalidDefinitionsException if one of them cannot be used
   */
  public static DefinitionsSet read(Path folder) throws IOException {
    return DefinitionsSet.of(
        read(
            folder,
            Map.of(),
            e -> {
              throw e;
            }));
  }

  /**
   * Reads all files, while jobs run.
   *
   * @param before what was read before: a tenant whose file cannot be used any more keeps it
   * @param refused is told of each file that cannot be used
   */
  static SortedMap<String, String> read(
      Path folder, Map<String, String> before, Consumer<InvalidDefinitionsException> refused)
      throws IOException {
    SortedMap<String, String> byTenant = new TreeMap<>();
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      String tenant = name.substring(0, name.length() - SUFFIX.length());
      try {
        String text = text(file);
        if (!text.equals(before.get(tenant))) {
          Definitions.parse(name, text);
        }
        byTenant.put(tenant, text);
      } catch (NoSuchFileException e) {
        // Removed since the folder was listed: as if it had been before.
        continue;
      } catch (InvalidDefinitionsException e) {
        refused.accept(e);
        if (before.containsKey(tenant)) {
          byTenant.put(tenant, before.get(tenant));
        }
      }
    }
    return byTenant;
  }

  /**
   * What the file says.
   *
   * @throws NoSuchFileException if there is none
   * @throws InvalidDefinitionsException if it cannot be read
   */
  public static String text(Path file) throws NoSuchFileException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidDefinitionsException(
          List.of(
              file.getFileName()
                  + ": cannot be read ("
                  + e.getClass().getSimpleName()
                  + "); a file in UTF-8 that the process may read is allowed"));
    }
  }

  /** The tenants' files, by name; none where there is no such folder. */
  public static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    }
  }
}
