package io.millrace.standalone.anomaly;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of series that a command line names, by the names that their results get. */
final class SeriesFiles {
  private SeriesFiles() {}

  /** All CSV files below the folders, and the files themselves, in the order of their names. */
  static Map<String, Path> find(List<Path> given, Path out) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    for (Path one : given) {
      if (!Files.exists(one)) {
        throw refused("Cannot score " + one + ": there is no such file or folder");
      }
      if (!Files.isDirectory(one)) {
        add(found, one.getFileName().toString(), one);
        continue;
      }
      if (out.toAbsolutePath().normalize().startsWith(one.toAbsolutePath().normalize())) {
        throw refused(
            "Cannot write to "
                + out
                + ": it is inside "
                + one
                + ", whose files are scored; give a folder elsewhere");
      }
      try (Stream<Path> files = Files.walk(one)) {
        for (Path file : files.filter(SeriesFiles::isSeries).toList()) {
          add(found, one.relativize(file).toString(), file);
        }
      }
    }
    if (found.isEmpty()) {
      throw refused("Cannot score " + given + ": there is no .csv or .csv.gz file");
    }
    return found;
  }

  private static boolean isSeries(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file) && (name.endsWith(".csv") || name.endsWith(".csv.gz"));
  }

  private static void add(Map<String, Path> found, String name, Path file) {
    Path before = found.putIfAbsent(name.replace('\\', '/'), file);
    if (before != null) {
      throw refused(
          "Cannot score "
              + before
              + " and "
              + file
              + " together: the results of both would be "
              + name
              + "; score them one by one, or give their common folder");
    }
  }

  private static PlatformException refused(String message) {
    return new PlatformException(ExitCode.REFUSED_INPUT, message);
  }
}
