package io.millrace.gateway.intake;

import java.io.Closeable;
import java.io.IOException;

/** The rows of an imported file, read one after the other. */
public interface ImportRows extends Closeable {
  /** A row longer than this is refused, and what cannot be read past it ends the import. */
  int MAX_ROW_BYTES = 256 * 1024;

  /**
   * The next row, or null after the last.
   *
   * @throws IOException when the input breaks off, or cannot be read any further
   */
  ImportRow next() throws IOException;
}
