package io.millrace.alerts.service;

import java.util.List;

/**
 * The topics with facts and with the marks that say how far they are complete.
 *
 * @param anomalies verdicts of the anomaly detection
 * @param windows what was measured in closed windows
 */
public record AlertTopics(String anomalies, String windows) {
  List<String> all() {
    return List.of(anomalies, windows);
  }
}
