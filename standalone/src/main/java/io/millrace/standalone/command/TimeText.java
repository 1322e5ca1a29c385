package io.millrace.standalone.command;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Points in time on the command line, as {@code millrace sql} takes them. */
final class TimeText {
  private static final Pattern NOW = Pattern.compile("now(?:-(\\d{1,6})([mhd]))?");

  private TimeText() {}

  /**
   * @param option whose value it is, for the error
   * @return epoch ms
   * @throws ParameterException if the text is no time
   */
  static long millis(CommandLine line, String option, String text, Clock clock) {
    Matcher now = NOW.matcher(text);
    if (now.matches()) {
      return now.group(1) == null
          ? clock.millis()
          : clock.millis() - duration(Long.parseLong(now.group(1)), now.group(2)).toMillis();
    }
    try {
      Instant at =
          text.length() == "2026-01-31".length()
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      return at.toEpochMilli();
    } catch (DateTimeException e) {
      throw new ParameterException(
          line,
          "%s is \"%s\"; give a time such as 2026-01-31, 2026-01-31T12:00:00Z, now or now-7d"
              .formatted(option, text),
          e);
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
