package io.millrace.domain.event;

/**
 * Where the sender's address stands in an event's bytes, so that it can be cut out before the bytes
 * are kept.
 */
public final class AddressSpan {
  private long start = -1;
  private long end = -1;
  private String address;

  void set(long from, long to, String value) {
    start = from;
    end = to;
    address = value;
  }

  /** Whether the event has the field {@code ip}, whatever its value. */
  public boolean isPresent() {
    return start >= 0;
  }

  /** Offset of the value's first byte in the parser's input. */
  public long start() {
    return start;
  }

  /** Offset after the value's last byte. */
  public long end() {
    return end;
  }

  /** The address as the sender wrote it, or null when it is no text. */
  public String address() {
    return address;
  }
}
