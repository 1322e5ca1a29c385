package io.millrace.domain.anomaly;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes a scorer's state, in the order in which {@link StateReader} reads it. */
public final class StateWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
  private final DataOutputStream out = new DataOutputStream(bytes);

  public StateWriter put(long value) {
    return write(() -> out.writeLong(value));
  }

  public StateWriter put(int value) {
    return write(() -> out.writeInt(value));
  }

  public StateWriter put(double value) {
    return write(() -> out.writeDouble(value));
  }

  public StateWriter put(boolean value) {
    return write(() -> out.writeBoolean(value));
  }

  public StateWriter put(String value) {
    return write(() -> out.writeUTF(value));
  }

  public StateWriter put(double[] values) {
    return put(values, values.length);
  }

  /** The first {@code count} values. */
  public StateWriter put(double[] values, int count) {
    return write(
        () -> {
          out.writeInt(count);
          for (int i = 0; i < count; i++) {
            out.writeDouble(values[i]);
          }
        });
  }

  public StateWriter put(float[] values) {
    return write(
        () -> {
          out.writeInt(values.length);
          for (float value : values) {
            out.writeFloat(value);
          }
        });
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }

  private interface Write {
    void run() throws IOException;
  }

  private StateWriter write(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to memory", e);
    }
  }
}
