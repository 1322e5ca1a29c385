package io.millrace.udfs;

import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import org.apache.flink.table.functions.AggregateFunction;

/**
 * {@code visitors_sketch(visitor_id)}: the distinct visitors of a group as a sketch; nulls do not
 * count, null for none.
 */
public final class VisitorsSketchFunction
    extends AggregateFunction<byte[], VisitorsSketchFunction.Visitors> {
  private static final long serialVersionUID = 1L;

  /** Reading and writing a sketch takes as long as adding many visitors: so they wait. */
  private static final int MAX_WAITING = 128;

  /** The sketch, and hashes of visitors that are not in it yet. */
  public static final class Visitors {
    /** Null before the first visitor is added. */
    public byte[] sketch;

    public long[] waiting = new long[MAX_WAITING];
    public int waitingCount;

    private void flush() {
      if (waitingCount > 0) {
        sketch = VisitorSketch.add(sketch, waiting, waitingCount);
        waitingCount = 0;
      }
    }
  }

  @Override
  public Visitors createAccumulator() {
    return new Visitors();
  }

  public void accumulate(Visitors visitors, String visitorId) {
    if (visitorId == null) {
      return;
    }
    visitors.waiting[visitors.waitingCount++] = MetricRules.visitorHash(visitorId);
    if (visitors.waitingCount == MAX_WAITING) {
      visitors.flush();
    }
  }

  public void merge(Visitors visitors, Iterable<Visitors> others) {
    visitors.flush();
    for (Visitors other : others) {
      other.flush();
      if (other.sketch != null) {
        visitors.sketch =
            visitors.sketch == null
                ? other.sketch
                : VisitorSketch.union(visitors.sketch, other.sketch);
      }
    }
  }

  @Override
  public byte[] getValue(Visitors visitors) {
    visitors.flush();
    return visitors.sketch;
  }
}
