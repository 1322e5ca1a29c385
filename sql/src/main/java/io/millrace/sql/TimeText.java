package io.millrace.sql;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as people give them, wherever Millrace asks for one. */
public final class TimeText {
  /** What is allowed, for errors. */
  public static final String ALLOWED =
      "a time such as 2026-01-31, 2026-01-31T12:00:00Z, now or now-7d";

  private static final Pattern NOW = Pattern.compile("now(?:-(\\d{1,6})([mhd]))?");

  private TimeText() {}

  /** The time that the text says; empty if it says none. A day alone is its start in UTC. */
  public static Optional<Instant> parse(String text, Clock clock) {
    Matcher now = NOW.matcher(text);
    if (now.matches()) {
      return Optional.of(
          now.group(1) == null
              ? clock.instant()
              : clock.instant().minus(duration(Long.parseLong(now.group(1)), now.group(2))));
    }
    try {
      return Optional.of(
          text.length() == "2026-01-31".length()
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
