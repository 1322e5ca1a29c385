package io.millrace.domain.anomaly;

/**
 * All measures of a tenant in a time that is to be explained, by the order of {@link
 * SegmentMeasure}.
 *
 * @param botEvents of bots alone, who are in no other number
 */
@SuppressWarnings("ArrayRecordComponent")
public record Totals(
    double[] actual, double[] expected, double botEvents, double expectedBotEvents) {
  double actual(SegmentMeasure measure) {
    return actual[measure.at()];
  }

  double expected(SegmentMeasure measure) {
    return expected[measure.at()];
  }

  /** How many times the expected there is; 1 where too little was expected to tell. */
  double ratio(SegmentMeasure measure, double substantial) {
    return expected(measure) < substantial ? 1 : actual(measure) / expected(measure);
  }
}
