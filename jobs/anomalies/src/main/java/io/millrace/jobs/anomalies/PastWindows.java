package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.SegmentValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.state.MapState;

/**
 * The windows of a segment, {@value #WINDOWS} in a piece, so that a month of them is few entries. A
 * window of which nothing is known is one in which nothing happened.
 */
final class PastWindows {
  static final int WINDOWS = 96;

  /** Windows in pieces older than so many are forgotten. */
  static final int PIECES = 35;

  private final MapState<Long, float[]> pieces;
  private final long rowMillis;
  private long loadedStart = Long.MIN_VALUE;
  private float[] loaded;
  private boolean changed;

  PastWindows(MapState<Long, float[]> pieces, long rowMillis) {
    this.pieces = pieces;
    this.rowMillis = rowMillis;
  }

  /**
   * Keeps a window.
   *
   * @return what was kept of it before
   */
  float[] put(long windowStart, float[] values) throws Exception {
    load(pieceStart(windowStart));
    int from = offset(windowStart);
    float[] before = Arrays.copyOfRange(loaded, from, from + SegmentValues.WIDTH);
    System.arraycopy(values, 0, loaded, from, SegmentValues.WIDTH);
    changed = true;
    return before;
  }

  /** The sums of all windows from a start to an end, both epoch ms. */
  float[] sum(long start, long end) throws Exception {
    float[] sum = new float[SegmentValues.WIDTH];
    for (long window = start; window < end; window += rowMillis) {
      load(pieceStart(window));
      int from = offset(window);
      for (int i = 0; i < SegmentValues.WIDTH; i++) {
        sum[i] += loaded[from + i];
      }
    }
    return sum;
  }

  /** Writes what was put. */
  void flush() throws Exception {
    if (changed) {
      pieces.put(loadedStart, loaded);
      changed = false;
    }
  }

  /** Start of the oldest windows that are kept at that time, epoch ms. */
  long oldest(long now) {
    return pieceStart(now) - (PIECES - 1) * pieceMillis();
  }

  /** Forgets windows before that time. */
  void forgetBefore(long start) throws Exception {
    List<Long> old = new ArrayList<>();
    for (Long piece : pieces.keys()) {
      if (piece < start) {
        old.add(piece);
      }
    }
    for (Long piece : old) {
      pieces.remove(piece);
    }
  }

  private void load(long pieceStart) throws Exception {
    if (pieceStart == loadedStart) {
      return;
    }
    flush();
    loadedStart = pieceStart;
    loaded = pieces.get(pieceStart);
    if (loaded == null) {
      loaded = new float[WINDOWS * SegmentValues.WIDTH];
    }
  }

  private long pieceStart(long windowStart) {
    return Math.floorDiv(windowStart, pieceMillis()) * pieceMillis();
  }

  private long pieceMillis() {
    return WINDOWS * rowMillis;
  }

  private int offset(long windowStart) {
    return (int) (Math.floorMod(windowStart, pieceMillis()) / rowMillis) * SegmentValues.WIDTH;
  }
}
