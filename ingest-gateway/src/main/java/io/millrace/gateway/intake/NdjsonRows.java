package io.millrace.gateway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.common.base.Utf8;
import io.millrace.domain.event.EventReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** One event a line; empty lines are skipped. */
public final class NdjsonRows implements ImportRows {
  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long number;
  private long lineBytes;

  public NdjsonRows(InputStream in) {
    this.in = new BufferedInputStream(in, 64 * 1024);
  }

  @Override
  public ImportRow next() throws IOException {
    while (readLine()) {
      number++;
      if (lineBytes > MAX_ROW_BYTES) {
        return fault(
            "the line has " + lineBytes + " bytes; at most " + MAX_ROW_BYTES + " are allowed");
      }
      byte[] bytes = line.toByteArray();
      if (!Utf8.isWellFormed(bytes)) {
        return fault("the line is not UTF-8; send JSON in UTF-8");
      }
      String text = new String(bytes, UTF_8);
      if (!text.isBlank()) {
        return row(text);
      }
    }
    return null;
  }

  private ImportRow row(String text) {
    try {
      return new ImportRow(number, AliasForm.row(Json.MAPPER.readTree(text)), null);
    } catch (JsonProcessingException e) {
      return fault(EventReader.describe(e, "the line"));
    }
  }

  private ImportRow fault(String fault) {
    return new ImportRow(number, null, fault);
  }

  /** Reads up to the next line's end; of a line that is too long only the length is kept. */
  private boolean readLine() throws IOException {
    line.reset();
    lineBytes = 0;
    int one;
    while ((one = in.read()) >= 0 && one != '\n') {
      lineBytes++;
      if (lineBytes <= MAX_ROW_BYTES) {
        line.write(one);
      }
    }
    return one >= 0 || lineBytes > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
