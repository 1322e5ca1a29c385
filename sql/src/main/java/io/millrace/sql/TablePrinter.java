package io.millrace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows in aligned columns.
 *
 * <p>The widths come from the first rows, which are held back for that; a later cell that is wider
 * pushes its own row out of line, so that the memory stays bounded.
 */
final class TablePrinter extends ResultPrinter {
  private static final int ROWS_THAT_SET_WIDTHS = 500;

  private final int maxCell;
  private final List<List<String>> held = new ArrayList<>();
  private List<Column> columns;
  private int[] widths;
  private long rows;

  TablePrinter(Writer out, int maxCell) {
    super(out);
    this.maxCell = maxCell;
  }

  @Override
  public void columns(List<Column> described) {
    columns = described;
  }

  @Override
  public void row(List<JsonNode> values) throws IOException {
    rows++;
    List<String> cells = new ArrayList<>(values.size());
    for (JsonNode value : values) {
      String text = text(value);
      cells.add(text == null ? "NULL" : DisplayText.cut(DisplayText.visible(text), maxCell));
    }
    if (widths != null) {
      line(cells);
      return;
    }
    held.add(cells);
    if (held.size() == ROWS_THAT_SET_WIDTHS) {
      release();
    }
  }

  @Override
  public void finish() throws IOException {
    if (columns != null) {
      release();
      out.write(rows == 1 ? "(1 row)\n" : "(" + rows + " rows)\n");
    }
    super.finish();
  }

  private void release() throws IOException {
    if (widths != null) {
      return;
    }
    List<String> names = columns.stream().map(c -> DisplayText.visible(c.name())).toList();
    widths = names.stream().mapToInt(DisplayText::width).toArray();
    for (List<String> cells : held) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], DisplayText.width(cells.get(i)));
      }
    }
    line(names);
    for (int i = 0; i < widths.length; i++) {
      out.write(i == 0 ? "-" : "+-");
      out.write("-".repeat(widths[i] + 1));
    }
    out.write('\n');
    for (List<String> cells : held) {
      line(cells);
    }
    held.clear();
  }

  private void line(List<String> cells) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(Math.max(0, widths[i] - DisplayText.width(cell)));
      line.append(i == 0 ? " " : " | ");
      line.append(columns.get(i).isNumeric() ? padding + cell : cell + padding);
    }
    out.write(line.toString().stripTrailing());
    out.write('\n');
  }
}
