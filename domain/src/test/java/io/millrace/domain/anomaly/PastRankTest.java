package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PastRankTest {
  @Test
  void isTheShareOfThePastThatWasAsLarge() {
    PastRank past = new PastRank(1e9);
    for (int i = 1; i <= 1000; i++) {
      past.add(i);
    }

    assertThat(past.surprise(500, 0)).isCloseTo(Math.log10(2), within(0.05));
    assertThat(past.surprise(900, 0)).isCloseTo(1, within(0.2));
  }

  @Test
  void beyondThePastACalmSeriesIsMoreSurprisedThanAWildOne() {
    Random random = new Random(3);
    PastRank calm = new PastRank(1e9);
    PastRank wild = new PastRank(1e9);
    for (int i = 0; i < 5000; i++) {
      double deviation = Math.abs(random.nextGaussian());
      calm.add(deviation);
      wild.add(Math.exp(2 * deviation));
    }

    assertThat(calm.surprise(8, 0)).isGreaterThan(5);
    assertThat(wild.surprise(2 * Math.exp(2 * 3.5), 0)).isLessThan(calm.surprise(8, 0) - 1);
  }

  @Test
  void saysNothingWithoutAPast() {
    PastRank past = new PastRank(1e9);
    for (int i = 0; i < 15; i++) {
      past.add(1);
    }

    assertThat(past.surprise(1e6, 0)).isZero();
  }

  @Test
  void whatWasLongAgoFades() {
    PastRank past = new PastRank(1000);
    for (int i = 0; i < 200; i++) {
      past.add(50);
    }
    double before = past.surprise(50, 0);
    for (int i = 0; i < 20_000; i++) {
      past.add(1);
    }

    assertThat(past.surprise(50, 0)).isGreaterThan(before + 2);
  }
}
