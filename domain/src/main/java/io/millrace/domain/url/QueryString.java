package io.millrace.domain.url;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Reads a URL's query, tolerant of whatever is in it. */
public final class QueryString {
  private QueryString() {}

  /**
   * Gives every parameter in order: its name decoded, its value as sent, so that only the values
   * someone wants are decoded.
   */
  public static void forEach(String query, BiConsumer<String, String> nameAndRawValue) {
    int start = 0;
    while (start < query.length()) {
      int and = query.indexOf('&', start);
      int end = and < 0 ? query.length() : and;
      int equals = query.indexOf('=', start);
      if (equals >= 0 && equals < end) {
        nameAndRawValue.accept(
            decode(query.substring(start, equals)), query.substring(equals + 1, end));
      } else if (end > start) {
        nameAndRawValue.accept(decode(query.substring(start, end)), "");
      }
      start = end + 1;
    }
  }

  /**
   * The decoded value of the first parameter of this name; empty for one without a value, null when
   * there is no such parameter.
   */
  public static String first(String query, String name) {
    String[] found = new String[1];
    forEach(
        query,
        (given, rawValue) -> {
          if (found[0] == null && given.equals(name)) {
            found[0] = decode(rawValue);
          }
        });
    return found[0];
  }

  /**
   * The text behind {@code +} and {@code %XX}. A bad escape stays as it is, bytes that are no UTF-8
   * and NUL become U+FFFD.
   */
  public static String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw.indexOf('+') < 0 ? raw : raw.replace('+', ' ');
    }

    StringBuilder text = new StringBuilder(raw.length());
    byte[] bytes = new byte[raw.length() / 3];
    int i = 0;
    while (i < raw.length()) {
      int length = 0;
      while (isEscape(raw, i)) {
        bytes[length++] = (byte) (hex(raw, i + 1) * 16 + hex(raw, i + 2));
        i += 3;
      }
      if (length > 0) {
        text.append(new String(bytes, 0, length, StandardCharsets.UTF_8).replace('\0', '\uFFFD'));
      } else {
        char c = raw.charAt(i++);
        text.append(c == '+' ? ' ' : c);
      }
    }
    return text.toString();
  }

  private static boolean isEscape(String raw, int at) {
    return at + 2 < raw.length()
        && raw.charAt(at) == '%'
        && hex(raw, at + 1) >= 0
        && hex(raw, at + 2) >= 0;
  }

  private static int hex(String raw, int at) {
    char c = raw.charAt(at);
    // Character.digit also knows the digits of other scripts, which are no escapes.
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
