package io.millrace.udfs;

import io.millrace.domain.metric.VisitorSketch;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code sketch_estimate(sketch)}: how many visitors are in a sketch; 0 for null. */
public final class SketchEstimateFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public Long eval(byte[] sketch) {
    return VisitorSketch.estimate(sketch);
  }
}
