package io.millrace.standalone.anomaly;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a CSV file with a header, plain or gzipped, and says of what is wrong where it is. */
final class CsvLines {
  /** What is wrong with a row. */
  static final class WrongRowException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongRowException(String message) {
      super(message);
    }
  }

  /** Takes a row, or says what is wrong with it. */
  interface Take {
    void row(CSVRecord row) throws WrongRowException;
  }

  private CsvLines() {}

  static boolean gzipped(Path file) {
    return file.getFileName().toString().endsWith(".gz");
  }

  /**
   * Gives all rows of a file.
   *
   * @param what what cannot be done when the file cannot be used, such as "score"
   */
  static void read(Path file, String what, List<String> columns, Take take) {
    try (Reader in = open(file);
        CSVParser parser =
            CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreEmptyLines(true)
                .get()
                .parse(in)) {
      List<String> missing = new ArrayList<>(columns);
      missing.removeAll(parser.getHeaderNames());
      if (!missing.isEmpty()) {
        throw refused(
            what,
            file,
            1,
            "the header " + parser.getHeaderNames() + " lacks " + missing + "; give " + columns);
      }
      for (CSVRecord row : parser) {
        long line = parser.getCurrentLineNumber();
        if (!row.isConsistent()) {
          throw refused(
              what,
              file,
              line,
              "it has " + row.size() + " cells; the header has " + parser.getHeaderNames().size());
        }
        try {
          take.row(row);
        } catch (WrongRowException e) {
          throw refused(what, file, line, e.getMessage());
        }
      }
    } catch (NoSuchFileException e) {
      throw new PlatformException(
          ExitCode.REFUSED_INPUT, "Cannot " + what + " " + file + ": there is no such file", e);
    } catch (IllegalArgumentException e) {
      throw new PlatformException(
          ExitCode.REFUSED_INPUT, "Cannot " + what + " " + file + ", line 1: " + e.getMessage(), e);
    } catch (UncheckedIOException | IOException e) {
      throw new PlatformException(
          ExitCode.REFUSED_INPUT,
          "Cannot " + what + " " + file + ": it cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static PlatformException refused(String what, Path file, long line, String why) {
    return new PlatformException(
        ExitCode.REFUSED_INPUT, "Cannot " + what + " " + file + ", line " + line + ": " + why);
  }

  private static Reader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
    InputStream plain = gzipped(file) ? new GZIPInputStream(bytes) : bytes;
    return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
  }
}
