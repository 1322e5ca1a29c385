package io.millrace.domain.alert;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/**
 * When messages wait. Local times that a clock change skips count as an hour later, and of those
 * that come twice the first counts.
 */
final class QuietHours {
  private static final int LONGEST_DAYS = 8;

  private final ZoneId zone;
  private final List<Span> spans;

  /**
   * @param to at or before {@code from}: on the next day
   * @param days on which it begins
   */
  record Span(LocalTime from, LocalTime to, Set<DayOfWeek> days) {
    /** The end of this span, where it holds the time and began on that day; else null. */
    private Instant end(LocalDate day, Instant time, ZoneId zone) {
      if (!days.contains(day.getDayOfWeek())) {
        return null;
      }
      ZonedDateTime start = day.atTime(from).atZone(zone);
      ZonedDateTime end = day.plusDays(to.isAfter(from) ? 0 : 1).atTime(to).atZone(zone);
      boolean holds = !time.isBefore(start.toInstant()) && time.isBefore(end.toInstant());
      return holds ? end.toInstant() : null;
    }
  }

  QuietHours(ZoneId zone, List<Span> spans) {
    this.zone = zone;
    this.spans = List.copyOf(spans);
  }

  /** The first time from this on that is not quiet. */
  long loudFromMillis(long millis) {
    Instant time = Instant.ofEpochMilli(millis);
    Instant limit = time.plus(Duration.ofDays(LONGEST_DAYS));
    Instant end = quietUntil(time);
    while (end != null && time.isBefore(limit)) {
      time = end;
      end = quietUntil(time);
    }
    return time.toEpochMilli();
  }

  /** Whether there is no time of a week that is not quiet. */
  boolean isAlways() {
    Instant monday = LocalDate.of(2024, 1, 1).atStartOfDay(zone).toInstant();
    return quietUntil(Instant.ofEpochMilli(loudFromMillis(monday.toEpochMilli()))) != null;
  }

  private Instant quietUntil(Instant time) {
    LocalDate today = time.atZone(zone).toLocalDate();
    for (Span span : spans) {
      for (LocalDate day : List.of(today.minusDays(1), today)) {
        Instant end = span.end(day, time, zone);
        if (end != null) {
          return end;
        }
      }
    }
    return null;
  }
}
