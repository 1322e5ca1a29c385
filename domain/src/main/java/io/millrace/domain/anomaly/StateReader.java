package io.millrace.domain.anomaly;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link StateWriter} wrote. */
public final class StateReader {
  private final ByteBuffer in;

  public StateReader(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  public long nextLong() {
    return in.getLong();
  }

  public int nextInt() {
    return in.getInt();
  }

  public double nextDouble() {
    return in.getDouble();
  }

  public boolean nextBoolean() {
    return in.get() != 0;
  }

  public String nextString() {
    byte[] text = new byte[in.getShort() & 0xffff];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Fills the first places of an array and returns how many. */
  public int next(double[] values) {
    int count = count(values.length, Double.BYTES);
    for (int i = 0; i < count; i++) {
      values[i] = in.getDouble();
    }
    return count;
  }

  public int next(float[] values) {
    int count = count(values.length, Float.BYTES);
    for (int i = 0; i < count; i++) {
      values[i] = in.getFloat();
    }
    return count;
  }

  /** Whether all has been read. */
  public boolean atEnd() {
    return !in.hasRemaining();
  }

  private int count(int room, int width) {
    int count = in.getInt();
    if (count < 0 || count > room) {
      throw new IllegalArgumentException(
          "Cannot read the state of a scorer: it holds "
              + count
              + " values where "
              + room
              + " fit");
    }
    if ((long) count * width > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return count;
  }
}
