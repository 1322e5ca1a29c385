package io.millrace.udfs;

import io.millrace.domain.metric.VisitorSketch;
import org.apache.flink.table.functions.AggregateFunction;

/**
 * {@code merge_sketches(sketch)}: the visitors of all sketches of a group in one; nulls do not
 * count, null for none.
 */
public final class MergeSketchesFunction
    extends AggregateFunction<byte[], MergeSketchesFunction.Merged> {
  private static final long serialVersionUID = 1L;

  /** What has been merged so far. */
  public static final class Merged {
    /** Null before the first sketch. */
    public byte[] sketch;
  }

  @Override
  public Merged createAccumulator() {
    return new Merged();
  }

  public void accumulate(Merged merged, byte[] sketch) {
    if (sketch != null) {
      merged.sketch = merged.sketch == null ? sketch : VisitorSketch.union(merged.sketch, sketch);
    }
  }

  public void merge(Merged merged, Iterable<Merged> others) {
    for (Merged other : others) {
      accumulate(merged, other.sketch);
    }
  }

  @Override
  public byte[] getValue(Merged merged) {
    return merged.sketch;
  }
}
