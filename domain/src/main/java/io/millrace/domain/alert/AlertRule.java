package io.millrace.domain.alert;

import java.time.Duration;
import java.util.List;

/**
 * One rule of a tenant's file.
 *
 * @param severity null where each finding has its own
 * @param escalation by time since the first message, in order
 * @param tellsRecovery whether a message says that it is over
 */
record AlertRule(
    String name,
    Condition condition,
    Severity severity,
    List<String> channels,
    List<Step> escalation,
    Duration coolDown,
    Together together,
    boolean tellsRecovery,
    boolean ignoresQuietHours) {
  /** Whom else to tell, and when. */
  record Step(Duration after, List<String> channels) {}

  /** Names an alert of this rule among all of the tenant that can be open. */
  String groupOf(WindowFact fact) {
    String part = together.groupOf(fact);
    return part.isEmpty() ? name : name + ' ' + part;
  }
}
