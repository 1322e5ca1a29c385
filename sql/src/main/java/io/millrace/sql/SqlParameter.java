package io.millrace.sql;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A named value in SQL text, which becomes a literal and therefore cannot become code.
 *
 * @param defaultValue what holds when nobody gives a value; null when a value must be given
 */
public record SqlParameter(String name, Type type, String defaultValue) {
  /** What a value means, and so how it is written in SQL. */
  public enum Type {
    STRING,
    NUMBER,
    TIMESTAMP
  }

  private static final Pattern DECLARATION =
      Pattern.compile("-- parameter (\\w+): (string|number|timestamp)(?: = (.*?))?\\s*");
  private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}(?:T.*)?|now(?:-\\d+[mhd])?");

  /** Reads a header line such as {@code -- parameter from: timestamp = now-30d}. */
  static Optional<SqlParameter> declaredBy(String comment) {
    Matcher declaration = DECLARATION.matcher(comment);
    return declaration.matches()
        ? Optional.of(
            new SqlParameter(
                declaration.group(1),
                Type.valueOf(declaration.group(2).toUpperCase(Locale.ROOT)),
                declaration.group(3)))
        : Optional.empty();
  }

  /** A number or a time where the value looks like one; a string otherwise, such as 0012. */
  static SqlParameter guessedFrom(String name, String value) {
    Type type = Type.STRING;
    if (NUMBER.matcher(value).matches()) {
      type = Type.NUMBER;
    } else if (TIMESTAMP.matcher(value).matches()) {
      type = Type.TIMESTAMP;
    }
    return new SqlParameter(name, type, null);
  }

  String literal(String value, Clock clock) {
    return switch (type) {
      case STRING -> "'" + value.replace("'", "''") + "'";
      case NUMBER -> number(value);
      // Milliseconds mean the same in every time zone a session may be set to.
      case TIMESTAMP -> "TO_TIMESTAMP_LTZ(%d, 3)".formatted(instant(value, clock).toEpochMilli());
    };
  }

  private String number(String value) {
    if (!NUMBER.matcher(value).matches()) {
      throw refused(value, "a number such as 10 or -0.5");
    }
    String plain = new BigDecimal(value).toPlainString();
    // "x -:n" must not become "x --1", which is a comment.
    return plain.startsWith("-") ? "(" + plain + ")" : plain;
  }

  private Instant instant(String value, Clock clock) {
    return TimeText.parse(value, clock).orElseThrow(() -> refused(value, TimeText.ALLOWED));
  }

  private SqlException refused(String value, String allowed) {
    return new SqlException(
        "Cannot use \"%s\" for parameter %s: give %s".formatted(value, name, allowed), value);
  }
}
