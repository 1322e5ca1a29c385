package io.millrace.domain.event;

import com.google.common.base.Utf8;

/** Checks on texts that strangers sent, and how such a text is shown in a message. */
public final class EventText {
  private static final int SHOWN_CHARS = 40;

  private EventText() {}

  /** Refuses what no store holds faithfully: NUL and half a surrogate pair. */
  static void requireLegal(String text, String field) throws RefusedException {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new RefusedException(
            Refusal.ILLEGAL_TEXT,
            shown(field) + " holds the character NUL at " + i + "; any other character is allowed",
            null);
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == length
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new RefusedException(
              Refusal.ILLEGAL_TEXT,
              shown(field)
                  + " holds a lone surrogate "
                  + String.format("\\u%04x", (int) c)
                  + " at "
                  + i
                  + "; surrogates must come in pairs",
              null);
        }
        i++;
      }
    }
  }

  static void requireShort(String text, String field) throws RefusedException {
    if (exceeds(text, Limits.MAX_TEXT_BYTES)) {
      throw new RefusedException(
          Refusal.TOO_LONG,
          shown(field)
              + " is "
              + Utf8.encodedLength(text)
              + " bytes long; at most "
              + Limits.MAX_TEXT_BYTES
              + " are allowed",
          null);
    }
  }

  /** Whether the (legal) text takes more bytes in UTF-8. */
  static boolean exceeds(String text, int bytes) {
    int length = text.length();
    return length > bytes || (length * 3 > bytes && Utf8.encodedLength(text) > bytes);
  }

  /** The longest beginning that fits, without half a character at its end. */
  static String cut(String text, int maxBytes) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        break;
      }
      end += Character.charCount(c);
    }
    return text.substring(0, end);
  }

  /** The text for a message or a log: short, and nothing in it moves a cursor or starts a line. */
  public static String shown(String text) {
    return shown(text, SHOWN_CHARS);
  }

  /** As {@link #shown(String)}, of another length. */
  public static String shown(String text, int maxChars) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), maxChars) + 8);
    for (int i = 0; i < text.length(); i++) {
      if (i == maxChars) {
        return shown.append('…').toString();
      }
      char c = text.charAt(i);
      if (Character.isISOControl(c)
          || Character.isSurrogate(c)
          || Character.getType(c) == Character.FORMAT
          || c == '\u2028'
          || c == '\u2029') {
        shown.append(String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }
}
