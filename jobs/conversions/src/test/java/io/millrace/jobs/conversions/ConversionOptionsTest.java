package io.millrace.jobs.conversions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConversionOptionsTest {
  private static final ConversionOptions DEFAULT = ConversionOptions.DEFAULT;

  @Test
  void keepsSessionsForTheLookbackAndAsLongAsConversionsAreRestated() {
    assertThat(DEFAULT.kept()).isEqualTo(Duration.ofDays(97));
  }

  @Test
  void saysWhatEachOptionMayBe() {
    assertThatThrownBy(() -> with(Duration.ZERO, DEFAULT.patience(), DEFAULT.restated(), 1))
        .hasMessage("conversions.quiet is PT0S; give a duration above 0, for example \"10 s\"");
    assertThatThrownBy(() -> with(DEFAULT.quiet(), Duration.ofSeconds(9), DEFAULT.restated(), 1))
        .hasMessage("conversions.patience is PT9S; give at least conversions.quiet (PT10S)");
    assertThatThrownBy(() -> with(DEFAULT.quiet(), DEFAULT.patience(), DEFAULT.patience(), 1))
        .hasMessage(
            "conversions.restated is PT1M; give a duration above conversions.patience (PT1M)");
    assertThatThrownBy(() -> DEFAULT.withCacheBytes(0))
        .hasMessage("conversions.cache-bytes is 0; give a size above 0, for example 67108864");
  }

  private static ConversionOptions with(
      Duration quiet, Duration patience, Duration restated, long cacheBytes) {
    return new ConversionOptions(
        DEFAULT.sessions(), DEFAULT.attribution(), quiet, patience, restated, cacheBytes);
  }
}
