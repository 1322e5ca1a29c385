package io.millrace.sql;

import java.lang.Character.UnicodeScript;

/**
 * Text as a terminal shows it: how many cells it takes, and nothing that the terminal would obey.
 */
final class DisplayText {
  private DisplayText() {}

  /** The text with control characters spelled out: stored text must not steer a terminal. */
  static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                  if (Character.isISOControl(c) || isDirectionMark(c)) {
                    shown.append("\\u%04x".formatted(c));
                  } else {
                    shown.appendCodePoint(c);
                  }
                }
              }
            });
    return shown.toString();
  }

  /** At most so many cells, with an ellipsis where something is left out; 0 cuts nothing. */
  static String cut(String text, int maxWidth) {
    if (maxWidth == 0 || width(text) <= maxWidth) {
      return text;
    }
    int end = 0;
    int width = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      if (width + width(c) > maxWidth - 1) {
        break;
      }
      width += width(c);
      end += Character.charCount(c);
    }
    return text.substring(0, end) + "…";
  }

  static int width(String text) {
    return text.codePoints().map(DisplayText::width).sum();
  }

  private static int width(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  private static boolean isWide(int c) {
    if (c < 0x1100) {
      return false;
    }
    boolean fullWidthForm = (c >= 0xFF01 && c <= 0xFF60) || (c >= 0x3000 && c <= 0x303E);
    boolean emoji = c >= 0x1F300 && c <= 0x1FAFF;
    return fullWidthForm
        || emoji
        || switch (UnicodeScript.of(c)) {
          case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> c < 0xFF61 || c > 0xFFDC;
          default -> false;
        };
  }

  private static boolean isDirectionMark(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }
}
