package io.millrace.jobs.programs;

import java.util.Arrays;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/**
 * The time of one partition: what the slowest of its writers has marked. There is none until each
 * of them has.
 */
final class HandoverWatermarks implements WatermarkGenerator<HandedOver> {
  private long[] ofWriter = {};
  private long reached = Long.MIN_VALUE;

  @Override
  public void onEvent(HandedOver record, long timestamp, WatermarkOutput output) {
    if (record.writer < 0) {
      return;
    }
    if (record.writers != ofWriter.length) {
      // Another number of subtasks writes since here.
      ofWriter = new long[record.writers];
      Arrays.fill(ofWriter, Long.MIN_VALUE);
    }
    ofWriter[record.writer] = record.watermark;
    long slowest = Arrays.stream(ofWriter).min().getAsLong();
    if (slowest > reached) {
      reached = slowest;
      output.emitWatermark(new Watermark(slowest));
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    // Marks alone move time.
  }
}
