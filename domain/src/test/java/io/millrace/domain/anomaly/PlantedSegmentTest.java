package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.ChangeExplainer.Change;
import io.millrace.domain.anomaly.ChangeExplainer.Time;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.anomaly.PlantedTraffic.Plant;
import io.millrace.domain.anomaly.PlantedTraffic.Visitor;
import io.millrace.domain.metric.Grouping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether the segment that was planted is the one that is named, over generated tenants. */
class PlantedSegmentTest {
  private static final int TENANTS = 8;
  private static final int ROUNDS = 4;
  private static final long LEARNED = Duration.ofDays(5).toMillis();

  /** How well the scorer knows the total. */
  private static final double ERROR_OF_THE_SCORER = 0.03;

  /** Smaller changes raise no alarm. */
  private static final double FALLS = 0.8;

  private static final double RISES = 1.2;

  private static final Map<String, List<String>> RESULTS = new TreeMap<>();

  private record Case(
      String kind,
      Grouping grouping,
      String value,
      double times,
      Plant plant,
      String metric,
      boolean rises) {
    boolean isEverywhere() {
      return grouping == Grouping.ALL;
    }
  }

  @BeforeAll
  static void plant() {
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      Random random = new Random(100 + tenant);
      double visitors = 40 * Math.pow(10, random.nextDouble());
      PlantedTraffic traffic = new PlantedTraffic(tenant, visitors);
      traffic.learn(0, LEARNED);
      for (int round = 0; round < ROUNDS; round++) {
        for (Case planted : cases(traffic, random)) {
          // Nights of small tenants raise no alarm, as there is too little to miss.
          long start =
              LEARNED
                  + Duration.ofHours(8 + random.nextInt(12)).toMillis()
                  + PlantedTraffic.WINDOW_MILLIS * random.nextInt(4);
          RESULTS
              .computeIfAbsent(planted.kind, key -> new ArrayList<>())
              .add(judge(traffic, planted, start, random));
        }
      }
    }
    RESULTS.forEach(
        (kind, results) ->
            System.out.printf(
                "%-24s named first %d of %d%s%n",
                kind,
                results.stream().filter("right"::equals).count(),
                results.size(),
                results.stream().filter(r -> !r.equals("right")).toList()));
  }

  private static List<Case> cases(PlantedTraffic traffic, Random random) {
    String country = traffic.drawCountry();
    String browser = List.of("Chrome", "Safari", "Firefox").get(random.nextInt(3));
    String channel = List.of("organic", "paid", "social").get(random.nextInt(3));
    String page = "/page-" + random.nextInt(2);
    double spike = traffic.drawUniform(4, 10);
    return List.of(
        gone("country gone", Grouping.COUNTRY, country, 1, "events"),
        gone("country gone, sessions", Grouping.COUNTRY, country, 1, "sessions"),
        gone(
            "country gone, and noise",
            Grouping.COUNTRY,
            country,
            random.nextBoolean() ? 0.92 : 1.08,
            "page_views"),
        gone("browser gone", Grouping.BROWSER, browser, 1, "page_views"),
        spike("channel spike", Grouping.CHANNEL, channel, spike),
        spike("campaign spike", Grouping.CAMPAIGN, "spring", 2 * spike),
        new Case("page gone", Grouping.PAGE, page, 1, losing(page), "page_views", false),
        everywhere("everywhere: outage", random.nextBoolean() ? 0 : 0.03),
        everywhere("everywhere: half", 0.5),
        everywhere("everywhere: double", 2));
  }

  private static Case gone(
      String kind, Grouping grouping, String value, double times, String metric) {
    return new Case(
        kind,
        grouping,
        value,
        times,
        v -> value.equals(v.of().get(grouping)) ? 0 : 1,
        metric,
        false);
  }

  private static Case spike(String kind, Grouping grouping, String value, double times) {
    Plant plant = visitor -> value.equals(visitor.of().get(grouping)) ? times : 1;
    return new Case(kind, grouping, value, 1, plant, "events", true);
  }

  private static Case everywhere(String kind, double times) {
    return new Case(kind, Grouping.ALL, "all", times, visitor -> 1, "events", times > 1);
  }

  private static Plant losing(String lost) {
    return new Plant() {
      @Override
      public double times(Visitor visitor) {
        return 1;
      }

      @Override
      public boolean loses(String page) {
        return page.equals(lost);
      }
    };
  }

  /** "right", or what was named instead. */
  private static String judge(PlantedTraffic traffic, Case planted, long start, Random random) {
    SegmentMeasure measure = SegmentMeasure.of(planted.metric).orElseThrow();
    long end = start + PlantedTraffic.WINDOW_MILLIS;
    double expected =
        traffic.expected(measure, start) * (1 + ERROR_OF_THE_SCORER * random.nextGaussian());
    double actual;
    do {
      traffic.window(start, planted.times, planted.plant);
      actual = traffic.total.actual(measure, start, end);
    } while (planted.rises ? actual < RISES * expected : actual > FALLS * expected);

    Explanation explanation =
        new ChangeExplainer(traffic.total, null, traffic.segments)
            .explain(
                new Change(planted.metric, Grouping.ALL, "all", actual, expected),
                new Time(start, end, 1))
            .explanation();

    if (planted.isEverywhere()) {
      return explanation.scope() == Scope.EVERYWHERE ? "right" : named(explanation);
    }
    if (explanation.causes().isEmpty()) {
      return explanation.scope() + " " + Math.round(expected) + "→" + Math.round(actual);
    }
    Segment first = explanation.causes().get(0).segment();
    return first.grouping() == planted.grouping && first.value().equals(planted.value)
        ? "right"
        : planted.value + " but " + named(explanation);
  }

  private static String named(Explanation explanation) {
    return explanation.causes().isEmpty()
        ? explanation.scope().toString()
        : ExplanationText.name(explanation.causes().get(0).segment());
  }

  @Test
  void namesThePlantedSegmentFirst() {
    List<String> results =
        RESULTS.entrySet().stream()
            .filter(kind -> !kind.getKey().startsWith("everywhere"))
            .flatMap(kind -> kind.getValue().stream())
            .toList();

    assertThat(results).hasSizeGreaterThanOrEqualTo(200);
    assertThat(shareRight(results)).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void namesThePlantedSegmentFirstInMostCasesOfEveryKind() {
    assertThat(RESULTS)
        .allSatisfy(
            (kind, results) ->
                assertThat(shareRight(results)).as(kind).isGreaterThanOrEqualTo(0.8));
  }

  @Test
  void namesNoSegmentWhenAllAreHitAlike() {
    List<String> results =
        RESULTS.entrySet().stream()
            .filter(kind -> kind.getKey().startsWith("everywhere"))
            .flatMap(kind -> kind.getValue().stream())
            .toList();

    assertThat(shareRight(results)).isGreaterThanOrEqualTo(0.9);
  }

  private static double shareRight(List<String> results) {
    return (double) results.stream().filter("right"::equals).count() / results.size();
  }
}
