package io.millrace.jobs.anomalies.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.anomaly.Forecast;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.StateWriter;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.anomaly.VerdictState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OwnPastScorerTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final long START = Instant.parse("2026-03-01T23:00:00Z").toEpochMilli();
  private static final Duration CADENCE = Duration.ofMinutes(15);
  private static final int PER_DAY = 96;

  private final OwnPastModel model = new OwnPastModel();

  static Stream<Arguments> nothingHappens() {
    Random random = new Random(7);
    IntToDoubleFunction few = i -> Integer.bitCount(random.nextInt(1 << 5));
    IntToDoubleFunction fewByDay = i -> i % PER_DAY < 32 ? 0 : few.applyAsDouble(i);
    IntToDoubleFunction square = i -> i % PER_DAY < 48 ? 20 : 80;
    return Stream.of(
        Arguments.of(Series.unknown("always the same"), (IntToDoubleFunction) i -> 20),
        Arguments.of(Series.unknown("always nothing"), (IntToDoubleFunction) i -> 0),
        Arguments.of(Series.unknown("a square by the clock"), square),
        Arguments.of(described(SeriesType.GAUGE), (IntToDoubleFunction) i -> 20),
        Arguments.of(described(SeriesType.COUNT), (IntToDoubleFunction) i -> 0),
        Arguments.of(described(SeriesType.MONEY), square),
        Arguments.of(described(SeriesType.COUNT), few),
        Arguments.of(described(SeriesType.COUNT), fewByDay));
  }

  @ParameterizedTest
  @MethodSource
  void nothingHappens(Series series, IntToDoubleFunction value) {
    List<Verdict> verdicts = score(model.start(series), 40 * PER_DAY, value);

    assertThat(alarms(verdicts)).isEmpty();
    assertThat(verdicts).allMatch(verdict -> verdict.score() >= 0 && verdict.score() < 0.5);
  }

  @Test
  void anOutageIsOneAlarmAndThenRecovers() {
    SeriesScorer scorer = model.start(described(SeriesType.COUNT));
    int outage = 30 * PER_DAY + 40;

    List<Verdict> verdicts =
        score(scorer, 35 * PER_DAY, i -> i >= outage && i < outage + 8 ? 0 : visits(i));

    List<Verdict> alarms = alarms(verdicts);
    assertThat(alarms).hasSize(1);
    assertThat(verdicts.indexOf(alarms.get(0))).isBetween(outage, outage + 1);
    assertThat(alarms.get(0).expected()).isBetween(80.0, 220.0);
    assertThat(alarms.get(0).lower()).isGreaterThan(0);
    assertThat(alarms.get(0).effect()).isBetween(-1.0, -0.8);
    assertThat(verdicts.subList(outage + 2, outage + 8))
        .allSatisfy(verdict -> assertThat(verdict.state()).isEqualTo(VerdictState.ANOMALOUS));
    assertThat(verdicts).anyMatch(verdict -> verdict.state() == VerdictState.RECOVERED);
    assertThat(verdicts.get(outage + PER_DAY).expected())
        .as("the outage is no part of tomorrow's expectation")
        .isGreaterThan(80);
  }

  @Test
  void aDescribedSeriesIsLearnedForTwoWeeks() {
    SeriesScorer scorer = model.start(described(SeriesType.COUNT));

    List<Verdict> verdicts = score(scorer, 15 * PER_DAY, i -> i == 10 * PER_DAY ? 5000 : visits(i));

    assertThat(verdicts.subList(0, 14 * PER_DAY))
        .allSatisfy(v -> assertThat(v.state()).isEqualTo(VerdictState.LEARNING))
        .noneMatch(Verdict::alarm);
    assertThat(verdicts.get(14 * PER_DAY).state()).isEqualTo(VerdictState.NORMAL);
  }

  @Test
  void theSeasonFollowsTheLocalClockOverItsChange() {
    Series series = new Series("visits", "events", SeriesType.COUNT, CADENCE, BERLIN, Set.of());
    List<Verdict> verdicts =
        score(model.start(series), 40 * PER_DAY, OwnPastScorerTest::visitsByLocalClock);

    List<Verdict> afterChange =
        verdicts.stream()
            .filter(v -> date(v).isEqual(LocalDate.of(2026, 3, 30)))
            .filter(v -> Instant.ofEpochMilli(v.timestampMillis()).atZone(BERLIN).getHour() == 9)
            .toList();

    assertThat(alarms(verdicts)).isEmpty();
    assertThat(afterChange)
        .hasSize(4)
        .allSatisfy(v -> assertThat(v.expected()).isBetween(850.0, 1150.0));
  }

  @Test
  void timestampsMayRepeatStepBackAndLeaveGapsAndValuesMayBeMissing() {
    SeriesScorer scorer = model.start(Series.unknown("untidy"));
    List<Verdict> verdicts = new ArrayList<>();

    for (int i = 0; i < 3000; i++) {
      long at = START + (i > 2000 ? i + 500 : i) * 300_000L;
      verdicts.add(scorer.score(new Point(at, i % 700 == 699 ? Double.NaN : 100 + 3 * noise(i))));
      if (i % 500 == 0) {
        verdicts.add(scorer.score(new Point(at, 100 + 3 * noise(i))));
        verdicts.add(scorer.score(new Point(at - 3_600_000, 100 + 3 * noise(i))));
      }
      if (i == 2500) {
        verdicts.add(scorer.score(new Point(at, Double.POSITIVE_INFINITY)));
      }
    }

    assertThat(verdicts).allSatisfy(verdict -> assertThat(verdict.score()).isBetween(0.0, 0.499));
  }

  @Test
  void forecastsADayAndAWeekFromTheSameBaseline() {
    SeriesScorer scorer = model.start(described(SeriesType.COUNT));
    score(scorer, 28 * PER_DAY, OwnPastScorerTest::visits);

    List<Forecast> day = scorer.forecast(Duration.ofDays(1));
    List<Forecast> week = scorer.forecast(Duration.ofDays(7));

    assertThat(day).hasSize(PER_DAY);
    assertThat(week).hasSize(7 * PER_DAY).startsWith(day.toArray(Forecast[]::new));
    for (int i = 0; i < week.size(); i++) {
      Forecast forecast = week.get(i);
      assertThat(forecast.startMillis()).isEqualTo(START + (28 * PER_DAY + i) * 900_000L);
      assertThat(forecast.lower()).isLessThan(forecast.expected());
      assertThat(forecast.upper()).isGreaterThan(forecast.expected());
      assertThat(usual(28 * PER_DAY + i)).isBetween(forecast.lower(), forecast.upper());
    }
  }

  @Test
  void aStateOfAnotherVersionIsRefused() {
    byte[] old = new StateWriter().put("own-past-0").put(false).put(0).bytes();

    assertThatThrownBy(() -> model.restore(Series.unknown("clicks"), old))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot restore the scorer of clicks: version own-past-0 wrote its state, this is"
                + " own-past-1; let it learn anew");
  }

  private static Series described(SeriesType type) {
    return new Series("visits", "events", type, CADENCE, ZoneOffset.UTC, Set.of());
  }

  private static List<Verdict> alarms(List<Verdict> verdicts) {
    return verdicts.stream().filter(Verdict::alarm).toList();
  }

  private static List<Verdict> score(SeriesScorer scorer, int count, IntToDoubleFunction value) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      verdicts.add(scorer.score(new Point(START + i * CADENCE.toMillis(), value.applyAsDouble(i))));
    }
    return verdicts;
  }

  private static double usual(int i) {
    return 150 + 50 * Math.sin(2 * Math.PI * (i % PER_DAY) / PER_DAY);
  }

  /** The usual, and the same noise for the same window. */
  private static double visits(int i) {
    double usual = usual(i);
    return Math.max(0, Math.rint(usual + Math.sqrt(usual) * noise(i)));
  }

  private static double visitsByLocalClock(int i) {
    int hour = Instant.ofEpochMilli(START + i * CADENCE.toMillis()).atZone(BERLIN).getHour();
    return Math.rint((hour == 9 ? 1000 : 100) * (1 + 0.03 * noise(i)));
  }

  private static double noise(int i) {
    return new Random(i * 7919L).nextGaussian();
  }

  private static LocalDate date(Verdict verdict) {
    return Instant.ofEpochMilli(verdict.timestampMillis()).atZone(BERLIN).toLocalDate();
  }
}
