package io.millrace.domain.anomaly;

/** What is expected of a window to come, with a band that holds about 19 of 20. */
public record Forecast(
    long startMillis, long endMillis, double expected, double lower, double upper) {}
