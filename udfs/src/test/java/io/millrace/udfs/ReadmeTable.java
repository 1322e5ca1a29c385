package io.millrace.udfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The README's table of functions. */
final class ReadmeTable {
  /**
   * A line of the table, without the marks of Markdown.
   *
   * @param example what follows SELECT; no expression where the README points elsewhere
   */
  record Line(String function, String result, String example, String gives) {
    boolean hasExample() {
      return !gives.isEmpty();
    }
  }

  private ReadmeTable() {}

  static List<Line> read() throws IOException {
    return Files.readAllLines(Path.of("README.md")).stream()
        .filter(line -> line.startsWith("| `"))
        .map(ReadmeTable::line)
        .toList();
  }

  private static Line line(String text) {
    List<String> cells =
        Arrays.stream(text.split("\\|", -1)).map(cell -> cell.replace("`", "").strip()).toList();
    return new Line(
        cells.get(1).replace(" (aggregate)", ""), cells.get(3), cells.get(4), cells.get(5));
  }
}
