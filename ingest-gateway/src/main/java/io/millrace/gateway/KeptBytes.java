package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.domain.event.AddressSpan;
import java.util.Arrays;

/**
 * The bytes of an event that holds nothing private but its address: the sender's own, without it.
 */
final class KeptBytes {
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private KeptBytes() {}

  /** The address was found while the event was read. */
  static byte[] ofAccepted(byte[] body, int start, int end, AddressSpan address) {
    if (!address.isPresent()) {
      return start == 0 && end == body.length ? body : Arrays.copyOfRange(body, start, end);
    }
    int before = (int) address.start() - start;
    int after = end - (int) address.end();
    byte[] kept = new byte[before + NULL.length + after];
    System.arraycopy(body, start, kept, 0, before);
    System.arraycopy(NULL, 0, kept, before, NULL.length);
    System.arraycopy(body, (int) address.end(), kept, before + NULL.length, after);
    return kept;
  }
}
