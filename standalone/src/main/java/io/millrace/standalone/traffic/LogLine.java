package io.millrace.standalone.traffic;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/**
 * One line of an access log in combined or common format.
 *
 * <p>Read in one pass, without regular expressions. What stands after the user agent (forwarded
 * addresses, timings) is ignored. Apache and nginx escape bytes as {@code \xNN}: these become the
 * UTF-8 text they were.
 *
 * @param timestamp epoch ms, from the zone-aware date
 * @param method empty when the request line holds no HTTP request
 * @param target as requested, with the query
 * @param referrer empty where the log has none
 * @param userAgent empty where the log has none
 */
record LogLine(
    String address,
    long timestamp,
    String method,
    String target,
    int status,
    String referrer,
    String userAgent) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss Z", Locale.US)
          .withResolverStyle(ResolverStyle.STRICT);

  static LogLine parse(String line) throws UnreadableLineException {
    return new Cursor(line).read();
  }

  /** Walks one line from left to right. */
  private static final class Cursor {
    private final String line;
    private int at;

    Cursor(String line) {
      this.line = line;
    }

    LogLine read() throws UnreadableLineException {
      int space = line.indexOf(' ');
      if (space <= 0) {
        throw new UnreadableLineException("no client address followed by a space");
      }
      String address = line.substring(0, space);
      long timestamp = date(space);
      String request = quoted("request");
      int status = status();
      skipSize();
      String referrer = "";
      String userAgent = "";
      // The common format ends here.
      if (at < line.length()) {
        referrer = dashAsEmpty(quoted("referrer"));
        userAgent = dashAsEmpty(quoted("user agent"));
      }

      String[] words = requestWords(request);
      return new LogLine(address, timestamp, words[0], words[1], status, referrer, userAgent);
    }

    private long date(int from) throws UnreadableLineException {
      int open = line.indexOf(" [", from);
      int close = open < 0 ? -1 : line.indexOf(']', open);
      if (close < 0) {
        throw new UnreadableLineException("no date in square brackets");
      }
      at = close + 1;
      String text = line.substring(open + 2, close);
      try {
        return OffsetDateTime.parse(text, DATE).toInstant().toEpochMilli();
      } catch (DateTimeException e) {
        throw new UnreadableLineException(
            "date is \"" + text + "\"; the form is 20/Feb/2016:00:00:45 -0500");
      }
    }

    private int status() throws UnreadableLineException {
      String word = word();
      if (word.length() != 3 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw new UnreadableLineException("status is \"" + word + "\"; it has three digits");
      }
      return Integer.parseInt(word);
    }

    private void skipSize() throws UnreadableLineException {
      String word = word();
      if (!word.equals("-")
          && (word.isEmpty() || !word.chars().allMatch(c -> c >= '0' && c <= '9'))) {
        throw new UnreadableLineException("size is \"" + word + "\"; it is a number or -");
      }
    }

    private String word() {
      skipSpaces();
      int end = line.indexOf(' ', at);
      if (end < 0) {
        end = line.length();
      }
      String word = line.substring(at, end);
      at = end;
      skipSpaces();
      return word;
    }

    private void skipSpaces() {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
    }

    private String quoted(String what) throws UnreadableLineException {
      skipSpaces();
      if (at >= line.length() || line.charAt(at) != '"') {
        throw new UnreadableLineException("no " + what + " in quotes");
      }
      int start = ++at;
      boolean escaped = false;
      while (at < line.length()) {
        char c = line.charAt(at);
        if (c == '\\') {
          escaped = true;
          at++; // whatever follows, it does not end the text
        } else if (c == '"' && (at + 1 == line.length() || line.charAt(at + 1) == ' ')) {
          // A quote inside the text that was not escaped is followed by more of the text.
          String raw = line.substring(start, at++);
          return escaped ? unescape(raw) : raw;
        }
        at++;
      }
      throw new UnreadableLineException("the " + what + " has no closing quote");
    }
  }

  private static String dashAsEmpty(String text) {
    return text.equals("-") ? "" : text;
  }

  /** Method and target; both empty when this is no HTTP request (TLS on a plain port, "-"). */
  private static String[] requestWords(String request) {
    int first = request.indexOf(' ');
    if (first <= 0 || !request.chars().limit(first).allMatch(c -> c >= 'A' && c <= 'Z')) {
      return new String[] {"", ""};
    }
    int last = request.lastIndexOf(" HTTP/");
    // HTTP/0.9 has no version; a target may hold spaces when a client did not encode them.
    String target = request.substring(first + 1, last > first ? last : request.length());
    return new String[] {request.substring(0, first), target};
  }

  private static String unescape(String raw) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
    int at = 0;
    while (at < raw.length()) {
      int backslash = raw.indexOf('\\', at);
      if (backslash < 0 || backslash + 1 == raw.length()) {
        out.writeBytes(raw.substring(at).getBytes(StandardCharsets.UTF_8));
        break;
      }
      out.writeBytes(raw.substring(at, backslash).getBytes(StandardCharsets.UTF_8));
      char kind = raw.charAt(backslash + 1);
      int octet = kind == 'x' ? octet(raw, backslash + 2) : -1;
      if (octet >= 0) {
        out.write(octet == 0 ? '?' : octet); // NUL has no place in an event
        at = backslash + 4;
      } else if (kind == '"' || kind == '\\') {
        out.write(kind);
        at = backslash + 2;
      } else {
        // \t, \n and the like: white space inside a field.
        out.writeBytes((isLetterEscape(kind) ? " " : "\\" + kind).getBytes(StandardCharsets.UTF_8));
        at = backslash + 2;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static boolean isLetterEscape(char kind) {
    return "tnrvfb".indexOf(kind) >= 0;
  }

  private static int octet(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
