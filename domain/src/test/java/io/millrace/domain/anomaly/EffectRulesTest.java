package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectRulesTest {
  private static final double WINDOW_MILLIS = Duration.ofMinutes(15).toMillis();

  @ParameterizedTest
  @CsvSource({
    "COUNT, 0.24, 1, false",
    "COUNT, -0.26, 1, true",
    "MONEY, 0.21, 24, true",
    "RATIO, -0.19, 24, false",
    "GAUGE, 0.09, 1, false",
    "GAUGE, 0.11, 1, true"
  })
  void smallChangesAreNoNews(SeriesType type, double effect, int hours, boolean news) {
    double bound = EffectRules.bound(type, effect, Duration.ofHours(hours).toMillis());

    assertThat(bound > 0).isEqualTo(news);
  }

  @Test
  void countsAreAsNoisyAsPoissonAtLeast() {
    assertThat(EffectRules.poissonBound(5, 1.5, WINDOW_MILLIS)).isNegative();
    assertThat(EffectRules.poissonBound(0, 4, WINDOW_MILLIS)).isNegative();
    assertThat(EffectRules.poissonBound(0, 40, WINDOW_MILLIS)).isGreaterThan(3);
    assertThat(EffectRules.poissonBound(-3, 4, 12, WINDOW_MILLIS)).isGreaterThan(3);
  }

  @ParameterizedTest
  @CsvSource({"COUNT, 7", "MONEY, 7.5", "RATIO, 0.4", "GAUGE, -3"})
  void theScaleOfEvenNoiseHasAWayBack(SeriesType type, double value) {
    assertThat(type.plain(type.even(value))).isCloseTo(value, within(1e-9));
  }
}
