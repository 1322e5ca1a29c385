package io.millrace.domain.session;

/**
 * Where an event stands in {@code events.raw}, as one long: 16 bits of partition, 48 bits of
 * offset.
 */
public final class KafkaPlace {
  private KafkaPlace() {}

  public static long pack(int partition, long offset) {
    return ((long) partition << 48) | (offset & 0xFFFF_FFFF_FFFFL);
  }

  public static int partition(long place) {
    return (int) (place >>> 48);
  }

  public static long offset(long place) {
    return place & 0xFFFF_FFFF_FFFFL;
  }
}
