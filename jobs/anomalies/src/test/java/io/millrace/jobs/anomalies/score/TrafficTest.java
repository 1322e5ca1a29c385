package io.millrace.jobs.anomalies.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.anomaly.VerdictState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Faults planted in generated traffic are found, and what is no fault does not alarm. */
class TrafficTest {
  private static final long SEED = 1;
  private static final int SERIES = 60;
  private static final int LEARNING_DAYS = 14;
  private static final int AFTERMATH_DAYS = 2;
  private static final int NEW_LEVEL_DAYS = 9;

  /** What was found in one series. */
  private record Found(
      Map<Fault, Integer> delays, List<Verdict> falseAlarms, int learningAlarms, double weeks) {}

  @Test
  void plantedFaultsAreFoundAndNothingElseAlarms() {
    List<Found> found =
        IntStream.range(0, SERIES)
            .parallel()
            .mapToObj(number -> find(TrafficGenerator.make(SEED, number)))
            .toList();

    Map<Fault.Kind, int[]> kinds = new EnumMap<>(Fault.Kind.class);
    List<Integer> delays = new ArrayList<>();
    found.forEach(
        one -> one.delays().forEach((fault, delay) -> count(kinds, delays, fault, delay)));
    int planted = kinds.values().stream().mapToInt(hits -> hits[1]).sum();
    double weeks = found.stream().mapToDouble(Found::weeks).sum();
    double falseAlarms = found.stream().mapToInt(one -> one.falseAlarms().size()).sum();
    System.out.printf(
        "traffic: %d of %d faults found, %.3f false alarms per week and series%n",
        delays.size(), planted, falseAlarms / weeks);
    kinds.forEach((kind, hits) -> System.out.printf("  %s %d of %d%n", kind, hits[0], hits[1]));
    delays.sort(null);
    assertThat((double) delays.size() / planted).as("recall").isGreaterThanOrEqualTo(0.9);
    assertThat(kinds).hasSize(Fault.Kind.values().length);
    assertThat(kinds)
        .allSatisfy(
            (kind, hits) ->
                assertThat((double) hits[0] / hits[1])
                    .as(kind.toString())
                    .isGreaterThanOrEqualTo(0.7));
    assertThat(falseAlarms / weeks).as("false alarms").isLessThanOrEqualTo(0.1);
    assertThat(delays.get(delays.size() / 2)).as("median delay").isLessThanOrEqualTo(2);
    assertThat(found).allSatisfy(one -> assertThat(one.learningAlarms()).isZero());
  }

  private static void count(
      Map<Fault.Kind, int[]> kinds, List<Integer> delays, Fault fault, int delay) {
    int[] hits = kinds.computeIfAbsent(fault.kind(), kind -> new int[2]);
    hits[1]++;
    if (delay >= 0) {
      hits[0]++;
      delays.add(delay);
    }
  }

  private static Found find(Traffic traffic) {
    SeriesScorer scorer = new OwnPastModel().start(traffic.series());
    List<Verdict> verdicts = traffic.points().stream().map(scorer::score).toList();
    int perDay = traffic.perDay();

    boolean[] excused = new boolean[verdicts.size()];
    Map<Fault, Integer> delays = new LinkedHashMap<>();
    for (Fault fault : traffic.faults()) {
      int end = Math.min(verdicts.size() - 1, fault.to() + perDay / 24);
      delays.put(
          fault,
          IntStream.rangeClosed(fault.from(), end)
              .filter(i -> verdicts.get(i).alarm())
              .map(i -> i - fault.from())
              .findFirst()
              .orElse(-1));
      boolean lasts = fault.kind() == Fault.Kind.LEVEL_SHIFT;
      int over =
          lasts ? fault.from() + NEW_LEVEL_DAYS * perDay : fault.to() + AFTERMATH_DAYS * perDay;
      for (int i = fault.from(); i <= Math.min(verdicts.size() - 1, over); i++) {
        excused[i] = true;
      }
    }
    int learned = LEARNING_DAYS * perDay;
    int learningAlarms = 0;
    int quiet = 0;
    List<Verdict> falseAlarms = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      Verdict verdict = verdicts.get(i);
      boolean learning = i < learned || verdict.state() == VerdictState.LEARNING;
      if (learning) {
        learningAlarms += verdict.alarm() ? 1 : 0;
      } else if (!excused[i]) {
        quiet++;
        if (verdict.alarm()) {
          falseAlarms.add(verdict);
        }
      }
    }
    return new Found(delays, falseAlarms, learningAlarms, quiet / (7.0 * perDay));
  }
}
