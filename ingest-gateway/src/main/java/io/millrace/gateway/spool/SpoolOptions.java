package io.millrace.gateway.spool;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where events wait on disk while Kafka is away.
 *
 * @param folder of this gateway alone; created when it is not there
 * @param maxBytes of all that waits; beyond it senders are told to retry
 */
public record SpoolOptions(Path folder, long maxBytes) {
  private static final long MIN_BYTES = 1 << 20;

  public SpoolOptions {
    Objects.requireNonNull(folder, "folder");
    if (maxBytes < MIN_BYTES) {
      throw new IllegalArgumentException(
          "Cannot use the spool "
              + folder
              + ": maxBytes is "
              + maxBytes
              + "; give at least "
              + MIN_BYTES);
    }
  }

  /** Small enough to be read at once, and to be sent again at once after a crash. */
  long segmentBytes() {
    return Math.min(8 << 20, maxBytes / 4);
  }
}
