package io.millrace.gateway.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Translates a Kafka record to bytes and back: version, topic, key, value, headers, each with its
 * length, -1 for null.
 */
final class RecordCodec {
  private static final byte VERSION = 1;
  private static final int LENGTH_BYTES = 4;

  private RecordCodec() {}

  static int size(ProducerRecord<byte[], byte[]> record) {
    int size = 1 + sizeOf(record.topic()) + sizeOf(record.key()) + sizeOf(record.value());
    size += LENGTH_BYTES;
    for (Header header : record.headers()) {
      size += sizeOf(header.key()) + sizeOf(header.value());
    }
    return size;
  }

  static void write(ProducerRecord<byte[], byte[]> record, ByteBuffer out) {
    out.put(VERSION);
    put(record.topic().getBytes(UTF_8), out);
    put(record.key(), out);
    put(record.value(), out);
    int countAt = out.position();
    out.putInt(0);
    int count = 0;
    for (Header header : record.headers()) {
      put(header.key().getBytes(UTF_8), out);
      put(header.value(), out);
      count++;
    }
    out.putInt(countAt, count);
  }

  /** The record in the bytes, or null when they hold none. */
  static ProducerRecord<byte[], byte[]> read(ByteBuffer in) {
    try {
      if (in.get() != VERSION) {
        return null;
      }
      byte[] topic = take(in);
      byte[] key = take(in);
      byte[] value = take(in);
      int count = in.getInt();
      if (topic == null || topic.length == 0 || count < 0) {
        return null;
      }
      List<Header> headers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] name = take(in);
        if (name == null) {
          return null;
        }
        headers.add(new RecordHeader(new String(name, UTF_8), take(in)));
      }
      return in.hasRemaining()
          ? null
          : new ProducerRecord<>(new String(topic, UTF_8), null, null, key, value, headers);
    } catch (BufferUnderflowException tooShort) {
      return null;
    }
  }

  private static int sizeOf(String text) {
    return LENGTH_BYTES + text.getBytes(UTF_8).length;
  }

  private static int sizeOf(byte[] bytes) {
    return LENGTH_BYTES + (bytes == null ? 0 : bytes.length);
  }

  private static void put(byte[] bytes, ByteBuffer out) {
    out.putInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.put(bytes);
    }
  }

  private static byte[] take(ByteBuffer in) {
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
