package io.millrace.domain.alert;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** When messages about an incident go out, and to whom: cool-down, quiet hours, escalation. */
final class Messages {
  private final String tenant;
  private final AlertRules rules;
  private final MachineState state;

  Messages(String tenant, AlertRules rules, MachineState state) {
    this.tenant = tenant;
    this.rules = rules;
    this.state = state;
  }

  /** Sends the first message, or says when it may go out if the incident lasts. */
  void fire(AlertRule rule, Incident incident, List<Alert> out) {
    Long alerted = state.alerted.get(incident.group);
    long cool = alerted == null ? state.clockMillis : alerted + rule.coolDown().toMillis();
    long due = loudFrom(rule, Math.max(state.clockMillis, cool));
    if (due > state.clockMillis) {
      incident.fireMillis = due;
      return;
    }
    incident.fireMillis = Incident.NEVER;
    incident.firedMillis = state.clockMillis;
    state.alerted.put(incident.group, state.clockMillis);
    planEscalation(rule, incident);
    out.add(message(incident, Alert.Kind.FIRING, rule.channels()));
  }

  void escalate(AlertRule rule, Incident incident, List<Alert> out) {
    if (incident.steps >= rule.escalation().size()) {
      incident.escalateMillis = Incident.NEVER; // the rule has fewer steps than when it was planned
      return;
    }
    List<String> channels = rule.escalation().get(incident.steps).channels();
    incident.steps++;
    out.add(message(incident, Alert.Kind.ESCALATED, channels));
    planEscalation(rule, incident);
  }

  private void planEscalation(AlertRule rule, Incident incident) {
    boolean isLast = incident.steps >= rule.escalation().size();
    incident.escalateMillis =
        isLast
            ? Incident.NEVER
            : loudFrom(
                rule,
                incident.firedMillis + rule.escalation().get(incident.steps).after().toMillis());
  }

  /** Says that it is over, or never was, to all who were told; in quiet hours when they end. */
  void end(AlertRule rule, Incident incident, List<Alert> out) {
    Alert.Kind kind = incident.isWithdrawn() ? Alert.Kind.WITHDRAWN : Alert.Kind.RECOVERED;
    if (kind == Alert.Kind.RECOVERED && !rule.tellsRecovery()) {
      return;
    }
    Set<String> told = new LinkedHashSet<>(rule.channels());
    int steps = Math.min(incident.steps, rule.escalation().size());
    rule.escalation().subList(0, steps).forEach(step -> told.addAll(step.channels()));
    Alert alert = message(incident, kind, List.copyOf(told));
    long due = loudFrom(rule, state.clockMillis);
    // Who has not heard yet that it is over only hears that it never was.
    state.waiting.removeIf(other -> other.id().equals(incident.id));
    if (due > state.clockMillis) {
      state.waiting.add(alert.at(due));
    } else {
      out.add(alert);
    }
  }

  /** Sends what has waited for this time. */
  void deliver(List<Alert> out) {
    List<Alert> due = new ArrayList<>();
    state.waiting.removeIf(alert -> alert.atMillis() <= state.clockMillis && due.add(alert));
    out.addAll(due);
  }

  private long loudFrom(AlertRule rule, long millis) {
    return rule.ignoresQuietHours() ? millis : rules.quietHours().loudFromMillis(millis);
  }

  private Alert message(Incident incident, Alert.Kind kind, List<String> channels) {
    List<Alert.Series> found = incident.found();
    int step = kind == Alert.Kind.ESCALATED ? incident.steps : 0;
    String suffix = step == 0 ? "" : "-" + step;
    return new Alert(
        incident.id,
        incident.id + '-' + kind.label() + suffix,
        tenant,
        incident.rule,
        incident.group,
        kind,
        step,
        incident.severity(),
        state.clockMillis,
        incident.startMillis,
        incident.endMillis,
        AlertText.title(kind, incident.severity(), incident.rule, found),
        AlertText.text(kind, found),
        channels,
        found);
  }
}
