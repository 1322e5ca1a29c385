package io.millrace.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockRulesTest {
  /** 2026-01-01T00:00:00Z. */
  private static final long NOW = 1_767_225_600_000L;

  private static final long HOUR = 3_600_000L;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          # what,                                        created - now, sent - now, occurred - now
          right clock,                                             -500,       -100,           -500
          right clock and no word of sending,                      -500,           ,           -500
          skew of exactly 10 s is trusted,                        10000,      10000,          10000
          skew of exactly -10 s is trusted,                      -12000,     -10000,         -12000
          skew beyond 10 s is corrected,                           9001,      10001,          -1000
          skew beyond -10 s is corrected,                        -11001,     -10001,          -1000
          a clock one year behind,                         -31536005000, -31536000000,        -5000
          a clock one year ahead,                           31535995000, 31536000000,         -5000
          an offline queue of nine days,                     -777600000,          0,     -777600000
          5 min ahead stays,                                     300000,           ,         300000
          a little beyond 5 min ahead is clamped,                300001,           ,         300000
          exactly 24 h ahead is clamped,                       86400000,           ,         300000
          corrected to ahead of sending is clamped too,         7200000,    3600000,         300000
          the past is not clamped,                       -1767225599999,           , -1767225599999
          a sending time of 0 or less says nothing,                -500, -1767225600000,       -500
          """)
  void decidesTheEventTime(String what, long created, Long sent, long occurred) throws Exception {
    Long sentAt = sent == null ? null : Long.valueOf(NOW + sent);

    assertThat(ClockRules.occurredAt(NOW + created, sentAt, NOW, false)).isEqualTo(NOW + occurred);
  }

  @ParameterizedTest
  @CsvSource({"-500,", "12345, 600000", "-31536005000, -31536000000", "86400000,", "600000, 0"})
  void leavesTheTimeOfHistoricalEventsUnchanged(long created, Long sent) throws Exception {
    Long sentAt = sent == null ? null : Long.valueOf(NOW + sent);

    assertThat(ClockRules.occurredAt(NOW + created, sentAt, NOW, true)).isEqualTo(NOW + created);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "-9223372036854775808"})
  void refusesTimesUpToTheEpoch(long created) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> ClockRules.occurredAt(created, null, NOW, false))
        .withMessage("timestamp is " + created + "; give epoch milliseconds above 0")
        .returns(Refusal.INVALID_TIMESTAMP, RefusedException::refusal);
  }

  @Test
  void refusesMoreThanADayAhead() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> ClockRules.occurredAt(NOW + 24 * HOUR + 1, null, NOW, false))
        .withMessage(
            "timestamp is 1767312000001, 86400001 ms ahead of its arrival;"
                + " at most 86400000 ms (24 h) are allowed")
        .returns(Refusal.TIMESTAMP_IN_FUTURE, RefusedException::refusal);
  }

  @Test
  void refusesHistoricalEventsOfTheFarFutureAsWell() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> ClockRules.occurredAt(NOW + 24 * HOUR + 1, null, NOW, true))
        .returns(Refusal.TIMESTAMP_IN_FUTURE, RefusedException::refusal);
  }

  @Test
  void refusesMicrosecondsAndSaysSo() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> ClockRules.occurredAt(NOW * 1000, NOW * 1000, NOW, false))
        .withMessage(
            "timestamp is 1767225600000000, after the year 9999;"
                + " give epoch milliseconds, not micro- or nanoseconds")
        .returns(Refusal.TIMESTAMP_IN_FUTURE, RefusedException::refusal);
  }

  @Test
  void refusesWhatTheCorrectionPutsBeforeTheEpoch() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> ClockRules.occurredAt(1, 2 * NOW, NOW, false))
        .returns(Refusal.INVALID_TIMESTAMP, RefusedException::refusal);
  }

  @Property
  void isNeverMoreThanFiveMinutesAheadAndNeverBeforeTheEpoch(
      @ForAll long created,
      @ForAll long sent,
      @ForAll @LongRange(min = 1, max = 1L << 50) long now) {
    try {
      long occurred = ClockRules.occurredAt(created, sent, now, false);

      assertThat(occurred).isPositive().isLessThanOrEqualTo(now + 300_000);
    } catch (RefusedException e) {
      assertThat(e.refusal()).isIn(Refusal.INVALID_TIMESTAMP, Refusal.TIMESTAMP_IN_FUTURE);
    }
  }

  @Property
  void keepsTheTimeBetweenHappeningAndSendingUnderAnySkew(
      @ForAll @LongRange(min = -40_000_000_000L, max = 40_000_000_000L) long skew,
      @ForAll @LongRange(min = 0, max = 700_000_000L) long waited)
      throws Exception {
    long sent = NOW + skew;

    long occurred = ClockRules.occurredAt(sent - waited, sent, NOW, false);

    assertThat(occurred).isBetween(NOW - waited - 10_000, NOW - waited + 10_000);
  }

  @Property
  void ordersTheEventsOfOneBatchAsTheirClockDid(
      @ForAll @LongRange(min = -40_000_000_000L, max = 40_000_000_000L) long skew,
      @ForAll @LongRange(min = 0, max = 700_000_000L) long first,
      @ForAll @LongRange(min = 0, max = 700_000_000L) long second)
      throws Exception {
    long sent = NOW + skew;

    long one = ClockRules.occurredAt(sent - first, sent, NOW, false);
    long other = ClockRules.occurredAt(sent - second, sent, NOW, false);

    assertThat(one - other).isEqualTo(second - first);
  }
}
