package io.millrace.sql;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
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
  private static final Pattern NOW = Pattern.compile("now(?:-(\\d{1,6})([mhd]))?");

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
    Matcher now = NOW.matcher(value);
    if (now.matches()) {
      return now.group(1) == null
          ? clock.instant()
          : clock.instant().minus(duration(Long.parseLong(now.group(1)), now.group(2)));
    }
    try {
      return value.length() == "2026-01-31".length()
          ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      throw refused(value, "a time such as 2026-01-31, 2026-01-31T12:00:00Z, now or now-7d");
    }
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private SqlException refused(String value, String allowed) {
    return new SqlException(
        "Cannot use \"%s\" for parameter %s: give %s".formatted(value, name, allowed), value);
  }
}
