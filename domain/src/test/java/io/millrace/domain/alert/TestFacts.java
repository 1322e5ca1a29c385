package io.millrace.domain.alert;

import java.time.Duration;
import java.time.Instant;

/** Facts of tenant {@code acme} about windows of 15 min; times are of 2026-03-02, a Monday, UTC. */
public final class TestFacts {
  public static final long WINDOW = Duration.ofMinutes(15).toMillis();

  private TestFacts() {}

  /** {@code 10:00}, or {@code 03T10:00} on another day. */
  public static long at(String time) {
    String day = time.contains("T") ? "2026-03-" + time : "2026-03-02T" + time;
    return Instant.parse(day + ":00Z").toEpochMilli();
  }

  /** A measure of all in the window that ends then. */
  public static MeasureFact measure(String metric, String end, double actual) {
    return measure(metric, "all", "all", at(end), actual, 0);
  }

  public static MeasureFact measure(
      String metric, String grouping, String value, long end, double actual, long sampleSize) {
    return new MeasureFact(
        "acme", metric, grouping, value, end - WINDOW, end, actual, sampleSize, 0);
  }

  /** A verdict on a metric in a country, in the window that ends then. */
  public static AnomalyFact verdict(String metric, String country, String end, AnomalyState state) {
    return verdict(metric, country, at(end) - WINDOW, at(end), state);
  }

  public static AnomalyFact verdict(
      String metric, String country, long start, long end, AnomalyState state) {
    boolean bad = state == AnomalyState.ANOMALOUS;
    return new AnomalyFact(
        "acme",
        metric + '/' + country,
        metric,
        "country",
        country,
        start,
        end,
        bad ? 12 : 100,
        100,
        80,
        120,
        bad ? 0.93 : 0,
        Severity.WARNING,
        state,
        bad ? "far fewer than usual" : "",
        0);
  }
}
