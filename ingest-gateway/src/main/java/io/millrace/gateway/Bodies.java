package io.millrace.gateway;

import com.google.common.base.Utf8;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import io.millrace.domain.event.EventText;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Turns the body of a request into the bytes of a JSON text. */
final class Bodies {
  private static final boolean ALL_MEMBERS = true;

  private Bodies() {}

  static void requireKnownType(RequestHeaders headers) throws ProblemException {
    MediaType type = headers.contentType();
    if (type == null || !(isJson(type) || isText(type))) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported_content_type",
          "Content-Type is "
              + EventText.shown(headers.get(HttpHeaderNames.CONTENT_TYPE, "missing"))
              + "; application/json and text/plain are allowed");
    }
    requireKnownEncoding(headers);
  }

  /** Whether the body is packed. */
  static boolean requireKnownEncoding(RequestHeaders headers) throws ProblemException {
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !isGzip(encoding) && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported_content_encoding",
          "Content-Encoding is " + EventText.shown(encoding) + "; gzip and identity are allowed");
    }
    return encoding != null && isGzip(encoding);
  }

  private static boolean isJson(MediaType type) {
    return type.is(MediaType.JSON.withoutParameters());
  }

  private static boolean isText(MediaType type) {
    return type.is(MediaType.PLAIN_TEXT.withoutParameters());
  }

  private static boolean isGzip(String encoding) {
    return encoding.toLowerCase(Locale.ROOT).equals("gzip");
  }

  /** The decoded body, never more than {@code maxBytes}. */
  static byte[] decode(RequestHeaders headers, byte[] body, int maxBytes) throws ProblemException {
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    byte[] decoded = encoding != null && isGzip(encoding) ? gunzip(body, maxBytes) : body;
    if (decoded.length > maxBytes) {
      throw tooLarge(maxBytes);
    }
    if (!Utf8.isWellFormed(decoded)) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST, "malformed_json", "the body is not UTF-8; send JSON in UTF-8");
    }
    return decoded;
  }

  /**
   * Reads gzip, all members of it. The JDK's own reader recurses for each member, down to a stack
   * overflow, and passes over what follows the last one.
   */
  static InputStream unpacking(InputStream packed) throws IOException {
    return new GzipCompressorInputStream(packed, ALL_MEMBERS);
  }

  static ProblemException tooLarge(int maxBytes) {
    return new ProblemException(
        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        "the body has more than "
            + maxBytes
            + " bytes; at most "
            + maxBytes
            + " are allowed, after decompression; send fewer events at once");
  }

  private static byte[] gunzip(byte[] body, int maxBytes) throws ProblemException {
    try (InputStream in = unpacking(new ByteArrayInputStream(body))) {
      // One byte over the limit is enough to know; a bomb is never unpacked further.
      return in.readNBytes(maxBytes + 1);
    } catch (EOFException e) {
      throw malformedGzip("it ends too early");
    } catch (IOException e) {
      throw malformedGzip(EventText.shown(String.valueOf(e.getMessage())));
    }
  }

  private static ProblemException malformedGzip(String why) {
    return new ProblemException(
        HttpStatus.BAD_REQUEST, "malformed_gzip", "the body says it is gzip and is not: " + why);
  }
}
