package io.millrace.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text into code, quoted pieces and comments, so that nobody mistakes a {@code ;} in a
 * string for the end of a statement.
 *
 * <p>Flink has a splitter only inside its own command line client, which is no public class.
 */
final class SqlTokens {
  enum Kind {
    CODE,
    /** A string literal or an identifier in backticks, with its quotes. */
    QUOTED,
    /** A comment or a hint, with its marks. */
    COMMENT
  }

  record Token(Kind kind, String text, int line) {}

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int start;
  private int line = 1;

  private SqlTokens(String sql) {
    this.sql = sql;
  }

  /** The pieces in their order; joined, they are the text again. */
  static List<Token> of(String sql) {
    SqlTokens scan = new SqlTokens(sql);
    scan.run();
    return scan.tokens;
  }

  private void run() {
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      int end =
          switch (c) {
            case '\'', '`', '"' -> endOfQuoted(at, c);
            case '-' -> sql.startsWith("--", at) ? endOfLine(at) : at;
            case '/' -> sql.startsWith("/*", at) ? endOfBlock(at) : at;
            default -> at;
          };
      if (end == at) {
        at++;
        continue;
      }
      add(Kind.CODE, at);
      add(c == '-' || c == '/' ? Kind.COMMENT : Kind.QUOTED, end);
      at = end;
    }
    add(Kind.CODE, sql.length());
  }

  private void add(Kind kind, int end) {
    if (end > start) {
      String text = sql.substring(start, end);
      tokens.add(new Token(kind, text, line));
      line += (int) text.chars().filter(c -> c == '\n').count();
      start = end;
    }
  }

  private int endOfQuoted(int from, char quote) {
    int at = from + 1;
    while (at < sql.length()) {
      if (sql.charAt(at) != quote) {
        at++;
      } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        at += 2; // a doubled quote stands for itself
      } else {
        return at + 1;
      }
    }
    throw unclosed(from, "The quote " + quote, String.valueOf(quote));
  }

  private int endOfLine(int from) {
    int end = sql.indexOf('\n', from);
    return end < 0 ? sql.length() : end;
  }

  private int endOfBlock(int from) {
    int end = sql.indexOf("*/", from + 2);
    if (end < 0) {
      throw unclosed(from, "The comment /*", "*/");
    }
    return end + 2;
  }

  private SqlException unclosed(int from, String what, String close) {
    long at = sql.substring(0, from).chars().filter(c -> c == '\n').count() + 1;
    return new SqlException(
        "Cannot read the SQL: %s opened in line %d is never closed; close it with %s"
            .formatted(what, at, close),
        sql);
  }
}
