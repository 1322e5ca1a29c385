package io.millrace.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In Berlin the clocks go forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00. */
class QuietHoursTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest(name = "{0} at {1}: loud from {2}")
  @CsvSource({
    "22:00-07:00, 2026-01-05T21:59:59+01:00, 2026-01-05T21:59:59+01:00",
    "22:00-07:00, 2026-01-05T22:00:00+01:00, 2026-01-06T07:00:00+01:00",
    "22:00-07:00, 2026-01-06T06:59:59+01:00, 2026-01-06T07:00:00+01:00",
    "22:00-07:00, 2026-01-06T07:00:00+01:00, 2026-01-06T07:00:00+01:00",
    "12:00-13:00, 2026-01-06T12:30:00+01:00, 2026-01-06T13:00:00+01:00",
    // The night of the change forward has eight hours, the one back ten.
    "22:00-07:00, 2026-03-28T22:30:00+01:00, 2026-03-29T07:00:00+02:00",
    "22:00-07:00, 2026-10-24T22:30:00+02:00, 2026-10-25T07:00:00+01:00",
    // 02:30 is skipped: an hour later.
    "22:00-02:30, 2026-03-29T01:45:00+01:00, 2026-03-29T03:30:00+02:00",
    "02:30-05:00, 2026-03-29T03:15:00+02:00, 2026-03-29T03:15:00+02:00",
    "02:30-05:00, 2026-03-29T03:30:00+02:00, 2026-03-29T05:00:00+02:00",
    // 02:30 comes twice: the first counts.
    "22:00-02:30, 2026-10-25T02:15:00+02:00, 2026-10-25T02:30:00+02:00",
    "22:00-02:30, 2026-10-25T02:15:00+01:00, 2026-10-25T02:15:00+01:00",
    "02:30-05:00, 2026-10-25T02:15:00+01:00, 2026-10-25T05:00:00+01:00",
  })
  void followsTheLocalClock(String span, OffsetDateTime at, OffsetDateTime loud) {
    QuietHours hours = hours(span, DayOfWeek.values());

    assertThat(hours.loudFromMillis(at.toInstant().toEpochMilli()))
        .isEqualTo(loud.toInstant().toEpochMilli());
  }

  @Test
  void joinsSpansThatMeetSoThatAWeekendIsQuietAsAWhole() {
    QuietHours hours =
        new QuietHours(
            BERLIN,
            List.of(
                span("22:00-07:00", DayOfWeek.values()),
                span("00:00-00:00", DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)));

    long loud = hours.loudFromMillis(millis("2026-01-09T23:00:00+01:00"));

    assertThat(loud).isEqualTo(millis("2026-01-12T07:00:00+01:00"));
  }

  @Test
  void knowsWhetherThereIsAnyTimeLeft() {
    assertThat(hours("00:00-00:00", DayOfWeek.values()).isAlways()).isTrue();
    assertThat(hours("00:00-23:59", DayOfWeek.values()).isAlways()).isFalse();
    assertThat(hours("00:00-00:00", DayOfWeek.MONDAY).isAlways()).isFalse();
  }

  private static long millis(String time) {
    return OffsetDateTime.parse(time).toInstant().toEpochMilli();
  }

  private static QuietHours hours(String span, DayOfWeek... days) {
    return new QuietHours(BERLIN, List.of(span(span, days)));
  }

  private static QuietHours.Span span(String span, DayOfWeek... days) {
    String[] times = span.split("-");
    Set<DayOfWeek> set = EnumSet.copyOf(Arrays.asList(days));
    return new QuietHours.Span(LocalTime.parse(times[0]), LocalTime.parse(times[1]), set);
  }
}
