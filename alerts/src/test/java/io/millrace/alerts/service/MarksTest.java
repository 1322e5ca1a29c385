package io.millrace.alerts.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class MarksTest {
  private static final TopicPartition ONE = new TopicPartition("anomalies", 0);
  private static final TopicPartition OTHER = new TopicPartition("metrics.windows", 0);
  private static final List<TopicPartition> BOTH = List.of(ONE, OTHER);

  private final Marks marks = new Marks();

  @Test
  void timeIsThatOfTheSlowest() {
    marks.take(ONE, new Mark(0, 1, 50));
    marks.take(OTHER, new Mark(0, 2, 70));
    marks.take(OTHER, new Mark(1, 2, 60));

    assertThat(marks.completeUpTo(BOTH)).hasValue(50);
    marks.take(ONE, new Mark(0, 1, 90));
    assertThat(marks.completeUpTo(BOTH)).hasValue(60);
  }

  @Test
  void aPartitionOrWriterWithoutAMarkHoldsTimeBack() {
    assertThat(marks.completeUpTo(BOTH)).isEmpty();

    marks.take(ONE, new Mark(0, 1, 50));
    marks.take(OTHER, new Mark(1, 2, 60));

    assertThat(marks.completeUpTo(BOTH)).isEmpty();
    assertThat(marks.unmarked(BOTH)).containsExactly(OTHER);
    assertThat(marks.completeUpTo(List.of(ONE))).hasValue(50);
  }

  @Test
  void anotherNumberOfWritersHasToSpeakFirst() {
    marks.take(ONE, new Mark(0, 1, 50));

    marks.take(ONE, new Mark(0, 2, 80));
    assertThat(marks.completeUpTo(List.of(ONE))).isEmpty();
    marks.take(ONE, new Mark(1, 2, 70));
    assertThat(marks.completeUpTo(List.of(ONE))).hasValue(70);
  }

  @Test
  void aWriterThatRepeatsItselfTakesNothingBack() {
    marks.take(ONE, new Mark(0, 1, 50));
    marks.take(ONE, new Mark(0, 1, 40));

    assertThat(marks.completeUpTo(List.of(ONE))).hasValue(50);
  }

  @Test
  void refusesAWriterThatIsNone() {
    assertThatThrownBy(() -> new Mark(2, 2, 50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("writer is 2 of 2; 0 to below the number of writers is allowed");
  }
}
