package io.millrace.domain.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A stretch of bytes with some of it replaced, from front to back. */
final class Splice {
  private final byte[] source;
  private final int start;
  private final int end;
  private ByteArrayOutputStream out;
  private int copied;
  private String inserted;
  private int insertedAt;

  Splice(byte[] source, int start, int end) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.copied = start;
  }

  /** A JSON text with its quotes. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** Replaces what is between two offsets, none of which lies before an earlier one. */
  void replace(int from, int to, String replacement) {
    if (out == null) {
      out = new ByteArrayOutputStream(end - start + 64);
    }
    out.write(source, copied, from - copied);
    byte[] bytes = replacement.getBytes(UTF_8);
    out.write(bytes, 0, bytes.length);
    copied = to;
  }

  /** Inserts something once, at any offset that was copied or not. */
  void insert(int at, String text) {
    inserted = text;
    insertedAt = at - start;
  }

  byte[] bytes() {
    byte[] whole;
    if (out == null) {
      whole = start == 0 && end == source.length ? source : Arrays.copyOfRange(source, start, end);
    } else {
      out.write(source, copied, end - copied);
      copied = end;
      whole = out.toByteArray();
    }
    return inserted == null ? whole : withInserted(whole);
  }

  private byte[] withInserted(byte[] whole) {
    byte[] text = inserted.getBytes(UTF_8);
    byte[] longer = new byte[whole.length + text.length];
    System.arraycopy(whole, 0, longer, 0, insertedAt);
    System.arraycopy(text, 0, longer, insertedAt, text.length);
    System.arraycopy(
        whole, insertedAt, longer, insertedAt + text.length, whole.length - insertedAt);
    return longer;
  }
}
