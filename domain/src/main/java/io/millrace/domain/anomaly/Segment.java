package io.millrace.domain.anomaly;

import io.millrace.domain.metric.Grouping;

/**
 * A segment in a time that is to be explained.
 *
 * @param actual how many things it had
 * @param expected how many it would have had, had nothing happened
 */
public record Segment(Grouping grouping, String value, double actual, double expected) {}
