package io.millrace.domain.alert;

import java.util.Set;

/**
 * A time in which things are expected to be different.
 *
 * @param endMillis exclusive
 * @param learns whether what happens then is learned as usual
 * @param metrics of these metrics; empty for all
 */
public record ExpectedEvent(
    String name, long startMillis, long endMillis, boolean learns, Set<String> metrics) {
  boolean covers(String metric, long windowStartMillis, long windowEndMillis) {
    return windowStartMillis < endMillis
        && startMillis < windowEndMillis
        && (metrics.isEmpty() || metrics.contains(metric));
  }
}
