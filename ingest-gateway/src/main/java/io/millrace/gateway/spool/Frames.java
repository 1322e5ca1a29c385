package io.millrace.gateway.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Puts records into frames and finds them again: marker, length, CRC32C of length and record, the
 * record.
 *
 * <p>The marker shows where a frame may begin again after damage. It is a random number of its
 * segment, so nobody can send an event whose bytes would then be taken for a frame.
 */
final class Frames {
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;

  private Frames() {}

  /** A record, and where its frame stands. */
  record Frame(int start, int end, ProducerRecord<byte[], byte[]> record) {}

  /**
   * Bytes that are no frame.
   *
   * @param last whether no frame follows, as after a write that was cut off
   */
  record Gap(int start, int end, boolean last) {}

  /** All that a segment holds, in order. */
  record Found(List<Frame> frames, List<Gap> gaps) {}

  static int size(ProducerRecord<byte[], byte[]> record) {
    return HEADER_BYTES + RecordCodec.size(record);
  }

  static void write(long marker, ProducerRecord<byte[], byte[]> record, ByteBuffer out) {
    int start = out.position();
    out.position(start + HEADER_BYTES);
    RecordCodec.write(record, out);
    int end = out.position();
    out.putLong(start, marker);
    out.putInt(start + Long.BYTES, end - start - HEADER_BYTES);
    out.putInt(start + HEADER_BYTES - Integer.BYTES, checksum(out, start, end));
  }

  static Found find(byte[] bytes, long marker) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    List<Frame> frames = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    int at = 0;
    int goodEnd = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      Frame frame = frameAt(buffer, at, marker);
      if (frame == null) {
        at++;
        continue;
      }
      if (at > goodEnd) {
        gaps.add(new Gap(goodEnd, at, false));
      }
      frames.add(frame);
      at = frame.end();
      goodEnd = at;
    }
    if (goodEnd < bytes.length) {
      gaps.add(new Gap(goodEnd, bytes.length, true));
    }
    return new Found(frames, gaps);
  }

  private static Frame frameAt(ByteBuffer bytes, int start, long marker) {
    if (bytes.getLong(start) != marker) {
      return null;
    }
    int length = bytes.getInt(start + Long.BYTES);
    if (length < 0 || length > bytes.limit() - start - HEADER_BYTES) {
      return null;
    }
    int end = start + HEADER_BYTES + length;
    if (bytes.getInt(start + HEADER_BYTES - Integer.BYTES) != checksum(bytes, start, end)) {
      return null;
    }
    ProducerRecord<byte[], byte[]> record =
        RecordCodec.read(bytes.slice(start + HEADER_BYTES, length));
    return record == null ? null : new Frame(start, end, record);
  }

  private static int checksum(ByteBuffer bytes, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(start + Long.BYTES, Integer.BYTES));
    crc.update(bytes.slice(start + HEADER_BYTES, end - start - HEADER_BYTES));
    return (int) crc.getValue();
  }
}
