package io.millrace.alerts;

import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.InvalidAlertRulesException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder with a file {@code <tenant>.yaml} for each tenant that is alerted of something. */
public final class AlertRulesFolder {
  private static final String SUFFIX = ".yaml";

  private AlertRulesFolder() {}

  /**
   * Reads one file.
   *
   * @throws NoSuchFileException if there is none
   * @throws InvalidAlertRulesException if it cannot be used
   */
  public static AlertRules read(Path file) throws NoSuchFileException {
    return AlertRules.parse(file.getFileName().toString(), text(file));
  }

  /**
   * What the file says.
   *
   * @throws NoSuchFileException if there is none
   * @throws InvalidAlertRulesException if it cannot be read
   */
  static String text(Path file) throws NoSuchFileException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidAlertRulesException(
          List.of(
              file.getFileName()
                  + ": cannot be read ("
                  + e.getClass().getSimpleName()
                  + "); a file in UTF-8 that the process may read is allowed"));
    }
  }

  /** The file of a tenant. */
  public static Path file(Path folder, String tenant) {
    return folder.resolve(tenant + SUFFIX);
  }

  /** Whose file it is. */
  static String tenant(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
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
