package io.millrace.jobs.anomalies.score;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/**
 * Time cut into slots of people's own clock, so that nine in the morning is the same slot in summer
 * and in winter: the hour that spring skips leaves its slots empty, the one that autumn repeats
 * falls into the same slots.
 */
final class LocalSlots {
  enum DayType {
    WORKDAY,
    WEEKEND,
    HOLIDAY
  }

  static final int PROFILE_DAYS = 28;
  private static final long MINUTE_MILLIS = 60_000;
  private static final long HOUR_MILLIS = 60 * MINUTE_MILLIS;
  private static final int[] WIDTHS_MINUTES = {5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720};

  private final ZoneId zone;
  private final Set<LocalDate> holidays;
  private final long widthMillis;
  private final int perDay;

  LocalSlots(ZoneId zone, Set<LocalDate> holidays, double cadenceMillis) {
    this.zone = zone;
    this.holidays = holidays;
    int minutes = 1440;
    for (int width : WIDTHS_MINUTES) {
      if (width * MINUTE_MILLIS >= cadenceMillis * 0.99) {
        minutes = width;
        break;
      }
    }
    this.widthMillis = minutes * MINUTE_MILLIS;
    this.perDay = 1440 / minutes;
  }

  int perDay() {
    return perDay;
  }

  long widthMillis() {
    return widthMillis;
  }

  long slot(long timestampMillis) {
    return Math.floorDiv(local(timestampMillis), widthMillis);
  }

  int hour(long timestampMillis) {
    return (int) Math.floorMod(Math.floorDiv(local(timestampMillis), HOUR_MILLIS), 24L);
  }

  long day(long slot) {
    return Math.floorDiv(slot, (long) perDay);
  }

  DayType type(long day) {
    LocalDate date = LocalDate.ofEpochDay(day);
    if (holidays.contains(date)) {
      return DayType.HOLIDAY;
    }
    DayOfWeek weekday = date.getDayOfWeek();
    return weekday == DayOfWeek.SATURDAY || weekday == DayOfWeek.SUNDAY
        ? DayType.WEEKEND
        : DayType.WORKDAY;
  }

  boolean holiday(long slot) {
    return type(day(slot)) == DayType.HOLIDAY;
  }

  private long local(long timestampMillis) {
    return timestampMillis
        + zone.getRules().getOffset(Instant.ofEpochMilli(timestampMillis)).getTotalSeconds()
            * 1000L;
  }
}
