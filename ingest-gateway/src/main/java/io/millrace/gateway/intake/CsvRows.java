package io.millrace.gateway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * RFC 4180 with a header of field names; an empty cell is no field. {@code properties} holds a JSON
 * object, every other column that is no field of an event is a property.
 */
public final class CsvRows implements ImportRows {
  private final RowLimit limit;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private long number;

  public CsvRows(InputStream in) throws IOException {
    limit = new RowLimit(in);
    try {
      parser = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get().parse(limit);
    } catch (IllegalArgumentException e) {
      throw new IOException("the first line cannot be used: " + e.getMessage(), e);
    }
    records = parser.iterator();
  }

  @Override
  public ImportRow next() throws IOException {
    limit.startRow();
    try {
      if (!records.hasNext()) {
        return null;
      }
      number++;
      return row(records.next());
    } catch (UncheckedIOException e) {
      throw new IOException(
          "row " + (number + 1) + " cannot be read: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private ImportRow row(CSVRecord cells) {
    if (!cells.isConsistent()) {
      return new ImportRow(
          number,
          null,
          "the row has "
              + cells.size()
              + " cells; the header has "
              + parser.getHeaderNames().size());
    }
    ObjectNode event = Json.MAPPER.createObjectNode();
    for (String name : parser.getHeaderNames()) {
      String cell = cells.get(name);
      if (!cell.isEmpty()) {
        if (name.equals("properties")) {
          event.set(name, properties(cell));
        } else {
          TextFields.put(event, name, cell);
        }
      }
    }
    return new ImportRow(number, AliasForm.row(event), null);
  }

  /** What is no JSON stays a text, which the event reader refuses. */
  private static JsonNode properties(String cell) {
    try {
      return Json.MAPPER.readTree(cell);
    } catch (JsonProcessingException e) {
      return Json.MAPPER.getNodeFactory().textNode(cell);
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /**
   * Ends the reading at a row without end: a quote that is never closed would be the whole file.
   */
  private static final class RowLimit extends FilterReader {
    private long charsOfRow;

    RowLimit(InputStream in) {
      super(new InputStreamReader(in, UTF_8));
    }

    void startRow() {
      charsOfRow = 0;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(char[] chars, int offset, int length) throws IOException {
      int read = super.read(chars, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int chars) throws IOException {
      charsOfRow += chars;
      if (charsOfRow > MAX_ROW_BYTES) {
        throw new IOException(
            "it has more than " + MAX_ROW_BYTES + " characters; is a quote not closed?");
      }
    }
  }
}
