package io.millrace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes a result to a stream while it arrives, in a form for people or for programs. */
public abstract class ResultPrinter implements Rows {
  /** The forms a result can have. */
  public enum Format {
    TABLE,
    CSV,
    /** One JSON object a line, so that a reader need not hold the whole result either. */
    JSON
  }

  /** Whether text that a spreadsheet would run as a formula is made harmless in CSV. */
  public enum Formulas {
    KEPT,
    DISARMED
  }

  protected final Writer out;

  protected ResultPrinter(Writer out) {
    this.out = out;
  }

  /** A table for a terminal cuts cells longer than {@code maxCell}; 0 leaves them whole. */
  public static ResultPrinter table(OutputStream out, int maxCell) {
    return new TablePrinter(writer(out), maxCell);
  }

  public static ResultPrinter csv(OutputStream out, Formulas formulas) {
    return new Csv(writer(out), formulas);
  }

  public static ResultPrinter json(OutputStream out) {
    return new Json(writer(out));
  }

  private static Writer writer(OutputStream out) {
    return new OutputStreamWriter(out, StandardCharsets.UTF_8);
  }

  /** Writes what is still held back, after the last row; the stream stays open. */
  public void finish() throws IOException {
    out.flush();
  }

  /** A value as text; null for a missing one. */
  static String text(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isBigDecimal()) {
      return value.decimalValue().toPlainString();
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static final class Csv extends ResultPrinter {
    private static final String FORMULA_STARTS = "=+-@\t\r";

    private final CSVPrinter csv;
    private final Formulas formulas;
    private List<Column> columns;

    private Csv(Writer out, Formulas formulas) {
      super(out);
      this.formulas = formulas;
      try {
        this.csv = new CSVPrinter(out, CSVFormat.RFC4180);
      } catch (IOException e) {
        throw new UncheckedIOException("A CSV without a header cannot fail to open", e);
      }
    }

    @Override
    public void columns(List<Column> described) throws IOException {
      columns = described;
      for (Column column : columns) {
        csv.print(disarmed(column.name()));
      }
      csv.println();
    }

    @Override
    public void row(List<JsonNode> values) throws IOException {
      for (int i = 0; i < values.size(); i++) {
        String text = text(values.get(i));
        csv.print(text == null || columns.get(i).isNumeric() ? text : disarmed(text));
      }
      csv.println();
    }

    private String disarmed(String text) {
      boolean formula = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
      return formula && formulas == Formulas.DISARMED ? "'" + text : text;
    }
  }

  private static final class Json extends ResultPrinter {
    private final JsonMapper json = new JsonMapper();
    private List<Column> columns;

    private Json(Writer out) {
      super(out);
    }

    @Override
    public void columns(List<Column> described) {
      columns = described;
    }

    @Override
    public void row(List<JsonNode> values) throws IOException {
      ObjectNode row = json.createObjectNode();
      for (int i = 0; i < values.size(); i++) {
        JsonNode value = values.get(i);
        String name = columns.get(i).name();
        if (value.isBigDecimal()) {
          row.putRawValue(name, new RawValue(text(value)));
        } else {
          row.set(name, value);
        }
      }
      out.write(json.writeValueAsString(row));
      out.write('\n');
    }
  }
}
