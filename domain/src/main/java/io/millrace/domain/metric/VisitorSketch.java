package io.millrace.domain.metric;

import java.util.Arrays;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;

/**
 * Distinct visitors as a mergeable sketch: HyperLogLog (Flajolet et al. 2007; Apache DataSketches)
 * with 2^14 buckets.
 *
 * <p>Relative standard error 0.8 %; exact, but for hash collisions, up to some 1,500 visitors,
 * where it takes 4 bytes a visitor; never more than 8 KiB.
 */
public final class VisitorSketch {
  private static final int LG_BUCKETS = 14;

  private VisitorSketch() {}

  /** The sketch (null: an empty one) with these visitors added. */
  public static byte[] add(byte[] sketch, long[] visitorHashes, int count) {
    HllSketch hll =
        sketch == null
            ? new HllSketch(LG_BUCKETS, TgtHllType.HLL_4)
            : HllSketch.heapify(Memory.wrap(sketch));
    for (int i = 0; i < count; i++) {
      hll.update(visitorHashes[i]);
    }
    return hll.toCompactByteArray();
  }

  public static byte[] union(byte[] one, byte[] other) {
    Union union = new Union(LG_BUCKETS);
    union.update(HllSketch.heapify(Memory.wrap(one)));
    union.update(HllSketch.heapify(Memory.wrap(other)));
    return union.getResult(TgtHllType.HLL_4).toCompactByteArray();
  }

  /**
   * How many visitors; null counts none. Depends on the set only, not on the order in which it was
   * filled.
   */
  public static long estimate(byte[] sketch) {
    return sketch == null
        ? 0
        : Math.round(HllSketch.heapify(Memory.wrap(sketch)).getCompositeEstimate());
  }

  /**
   * Whether both hold the same visitors, as far as they can tell: their bytes also depend on the
   * order in which they were filled. Null holds none.
   */
  public static boolean sameVisitors(byte[] one, byte[] other) {
    if (one == null || other == null || Arrays.equals(one, other)) {
      return estimate(one) == estimate(other);
    }
    long visitors = estimate(one);
    return visitors == estimate(other) && visitors == estimate(union(one, other));
  }
}
