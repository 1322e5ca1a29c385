package io.millrace.gateway.spool;

/** The spool has no room for the records; nothing of them was written. */
public final class SpoolFullException extends Exception {
  private static final long serialVersionUID = 1L;

  SpoolFullException(long wantedBytes, long heldBytes, long maxBytes) {
    // No stack trace: under load it is thrown for each request.
    super(
        "the spool holds "
            + heldBytes
            + " bytes and "
            + wantedBytes
            + " more were to come; at most "
            + maxBytes
            + " are allowed",
        null,
        false,
        false);
  }
}
