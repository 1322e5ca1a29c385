package io.millrace.client;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids that sort by time (RFC 9562): 48 bits of epoch milliseconds, then chance. */
final class UuidV7 {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private UuidV7() {}

  static UUID at(long epochMillis) {
    long high = (epochMillis << 16) | VERSION_7 | (RANDOM.nextInt() & 0xFFFL);
    long low = VARIANT | (RANDOM.nextLong() >>> 2);
    return new UUID(high, low);
  }
}
