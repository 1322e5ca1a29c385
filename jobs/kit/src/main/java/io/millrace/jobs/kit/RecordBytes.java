package io.millrace.jobs.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * One record in one array, written or read field by field in the same order.
 *
 * <p>The first eight bytes hold a bit for each flag, optional number and text: whether it is true
 * or there. So a record has at most 64 of these.
 */
final class RecordBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1024];
  private int position;
  private long bits;
  private int nextBit;

  /** Begins to write a record. */
  void clear() {
    position = Long.BYTES;
    bits = 0;
    nextBit = 0;
  }

  void flag(boolean value) {
    bits |= (value ? 1L : 0L) << nextBit++;
  }

  void number(long value) {
    ensure(Long.BYTES);
    LONG.set(bytes, position, value);
    position += Long.BYTES;
  }

  void optionalNumber(Long value) {
    flag(value != null);
    if (value != null) {
      number(value);
    }
  }

  void text(String value) {
    flag(value != null);
    if (value != null) {
      byte[] utf8 = value.getBytes(UTF_8);
      ensure(utf8.length + 5);
      length(utf8.length);
      System.arraycopy(utf8, 0, bytes, position, utf8.length);
      position += utf8.length;
    }
  }

  /** Seven bits a byte, as most texts are short. */
  private void length(int length) {
    int rest = length;
    while (rest > 0x7f) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  private void ensure(int more) {
    if (position + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + more));
    }
  }

  /** Ends the record. */
  void writeTo(DataOutputView target) throws IOException {
    LONG.set(bytes, 0, bits);
    target.writeInt(position);
    target.write(bytes, 0, position);
  }

  /** Begins to read a record. */
  void readFrom(DataInputView source) throws IOException {
    read(source);
    bits = (long) LONG.get(bytes, 0);
    position = Long.BYTES;
    nextBit = 0;
  }

  boolean flag() {
    return (bits >>> nextBit++ & 1) != 0;
  }

  long number() {
    long value = (long) LONG.get(bytes, position);
    position += Long.BYTES;
    return value;
  }

  Long optionalNumber() {
    return flag() ? number() : null;
  }

  String text() {
    if (!flag()) {
      return null;
    }
    int length = 0;
    int shift = 0;
    byte next;
    while ((next = bytes[position++]) < 0) {
      length |= (next & 0x7f) << shift;
      shift += 7;
    }
    length |= next << shift;
    String value = new String(bytes, position, length, UTF_8);
    position += length;
    return value;
  }

  /** Passes a record on as it is. */
  void copy(DataInputView source, DataOutputView target) throws IOException {
    int size = read(source);
    target.writeInt(size);
    target.write(bytes, 0, size);
  }

  private int read(DataInputView source) throws IOException {
    int size = source.readInt();
    if (size > bytes.length) {
      bytes = new byte[size];
    }
    source.readFully(bytes, 0, size);
    return size;
  }
}
