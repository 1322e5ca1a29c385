package io.millrace.domain.anomaly;

/**
 * One value of a series.
 *
 * @param timestampMillis start of the window that the value is of
 * @param value NaN where there is none
 */
public record Point(long timestampMillis, double value) {}
