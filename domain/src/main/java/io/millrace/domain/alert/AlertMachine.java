package io.millrace.domain.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One tenant's alerts: facts in, messages out. Without I/O and without a clock of its own.
 *
 * <p>Facts wait until {@link #advance} says that their time has come, and are then taken in order
 * of time, all of one time together, between the timers. So neither the order in which they were
 * offered, nor how often, nor the steps in which time advances matters. A fact that comes later
 * than that is a correction where its series has gone on: it can take an alert back, but raise
 * none.
 *
 * <p>Not thread-safe.
 */
public final class AlertMachine {
  /** How long things that are over are remembered; beyond a week, for what looks one back. */
  static final Duration REMEMBERED = Duration.ofDays(8);

  private static final Duration HISTORY_AFTER = Duration.ofHours(24);

  /** Series beyond that are left out, and counted. */
  static final int MOST_SERIES = 50_000;

  /** Likewise of those that are kept for a week, which are much larger. */
  static final int MOST_KEPT_SERIES = 500;

  private static final Comparator<Fact> VERSIONS =
      Comparator.comparingLong(Fact::revision)
          .thenComparing(fact -> isWithdrawal(fact) ? 1 : 0)
          .thenComparing(Fact::toString);

  private final String tenant;
  private final AlertRules rules;
  private final Messages messages;
  private final MachineState state;

  /**
   * What has become of the facts: offered = handled + superseded + held.
   *
   * @param superseded replaced by a version, or repetition, that was offered before their time came
   * @param held whose time has not come
   * @param leftOut windows of series beyond the most there may be
   */
  public record Counts(long offered, long handled, long superseded, long held, long leftOut) {}

  /**
   * One that remembers nothing.
   *
   * @param fromMillis the present: windows that ended more than a day before are history
   */
  public AlertMachine(String tenant, AlertRules rules, long fromMillis) {
    this(tenant, rules, new MachineState());
    state.clockMillis = fromMillis;
  }

  private AlertMachine(String tenant, AlertRules rules, MachineState state) {
    this.tenant = tenant;
    this.rules = rules;
    this.state = state;
    this.messages = new Messages(tenant, rules, state);
  }

  /**
   * Goes on where {@link #state} was taken, perhaps with other rules: what a rule has found that is
   * no more is forgotten.
   */
  public static AlertMachine restore(String tenant, AlertRules rules, String state) {
    MachineState restored = MachineState.of(state);
    List<String> names = rules.ruleNames();
    restored.open.values().removeIf(incident -> !names.contains(incident.rule));
    restored.closed.removeIf(incident -> !names.contains(incident.rule));
    return new AlertMachine(tenant, rules, restored);
  }

  /** Everything it remembers, for {@link #restore}. */
  public String state() {
    return state.json();
  }

  public Counts counts() {
    long held = state.held.values().stream().mapToLong(Map::size).sum();
    return new Counts(state.offered, state.handled, state.superseded, held, state.leftOut);
  }

  /** Tells it a fact, which counts when its time has come. */
  public void offer(Fact fact) {
    if (!fact.tenant().equals(tenant)) {
      throw new IllegalArgumentException(
          "A fact of tenant " + fact.tenant() + " came to the alerts of " + tenant);
    }
    state.offered++;
    Fact before =
        state
            .held
            .computeIfAbsent(fact.knownAtMillis(), time -> new TreeMap<>())
            .put(fact.key(), fact);
    if (before != null) {
      state.superseded++;
      if (VERSIONS.compare(before, fact) > 0) {
        state.held.get(fact.knownAtMillis()).put(fact.key(), before);
      }
    }
  }

  /**
   * Lets time pass.
   *
   * @param toMillis all facts known by then have been offered; those that come later are late
   * @return what is to be sent, in order
   */
  public List<Alert> advance(long toMillis) {
    long end = Math.max(toMillis, state.clockMillis);
    List<Alert> out = new ArrayList<>();
    while (true) {
      long factsMillis =
          state.held.isEmpty()
              ? Incident.NEVER
              : Math.max(state.clockMillis, state.held.firstKey());
      long timerMillis = Math.max(state.clockMillis, nextTimer());
      if (Math.min(factsMillis, timerMillis) > end) {
        break;
      }
      state.clockMillis = Math.min(factsMillis, timerMillis);
      if (factsMillis <= timerMillis) {
        take(List.copyOf(state.held.pollFirstEntry().getValue().values()), out);
      } else {
        wake(out);
      }
    }
    state.clockMillis = end;
    forget();
    return out;
  }

  private long nextTimer() {
    long due = Incident.NEVER;
    for (Incident incident : state.open.values()) {
      due = Math.min(due, incident.dueMillis());
    }
    for (Alert alert : state.waiting) {
      due = Math.min(due, alert.atMillis());
    }
    return due;
  }

  private void take(List<Fact> facts, List<Alert> out) {
    state.handled += facts.size();
    for (AlertRule rule : rules.rules()) {
      Set<String> touched = new LinkedHashSet<>();
      for (Fact fact : facts) {
        if (fact instanceof WindowFact window && rule.condition().concerns(window)) {
          touched.add(rule.groupOf(window));
          take(rule, window, out);
        }
      }
      touched.forEach(group -> settle(rule, group, out));
    }
    for (Fact fact : facts) {
      if (fact instanceof MeasureFact measure) {
        remember(measure);
      } else if (fact instanceof Acknowledgement seen) {
        acknowledge(seen.alertId());
      }
    }
  }

  private void take(AlertRule rule, WindowFact fact, List<Alert> out) {
    String group = rule.groupOf(fact);
    Incident open = state.open.get(group);
    if (open != null) {
      open.hear(fact);
    }
    if (rules
        .expected(fact.metric(), fact.windowStartMillis(), fact.windowEndMillis())
        .isPresent()) {
      return;
    }
    Judgement judgement = rule.condition().judge(fact, weekBefore(rule, fact));
    String series = rule.name() + '|' + fact.seriesKey();
    Long newest = state.newest.get(series);
    if (isHistory(fact) || (newest != null && fact.windowStartMillis() <= newest)) {
      if (judgement != null && !judgement.breach()) {
        correct(rule, group, fact, out);
      }
      return;
    }
    if (newest == null && state.newest.size() >= MOST_SERIES) {
      state.leftOut++;
      return;
    }
    state.newest.put(series, fact.windowStartMillis());
    if (judgement == null) {
      return;
    }
    if (judgement.breach()) {
      breach(rule, group, fact, found(rule, fact, judgement));
    } else if (open != null) {
      open.recover(fact);
    }
  }

  /** Windows of long ago come with imports and offline queues, and are nobody's emergency. */
  private boolean isHistory(WindowFact fact) {
    return fact.windowEndMillis() + HISTORY_AFTER.toMillis() < state.clockMillis;
  }

  private void breach(AlertRule rule, String group, WindowFact fact, Alert.Series found) {
    Incident open = state.open.get(group);
    if (open == null) {
      Incident over = overlapping(group, fact);
      if (over != null) {
        over.absorb(fact, found);
        return;
      }
      open = Incident.of(tenant, rule.name(), group, fact.windowStartMillis());
      state.open.put(group, open);
    }
    open.breach(fact, found);
  }

  /** What was alerted of this group, is over, and was in the same time; or null. */
  private Incident overlapping(String group, WindowFact fact) {
    for (Incident over : state.closed) {
      if (over.group.equals(group)
          && !over.isWithdrawn()
          && over.startMillis < fact.windowEndMillis()
          && fact.windowStartMillis() < over.endMillis) {
        return over;
      }
    }
    return null;
  }

  private void correct(AlertRule rule, String group, WindowFact fact, List<Alert> out) {
    Incident open = state.open.get(group);
    if (open != null && open.withdraw(fact)) {
      return; // settled with the rest
    }
    for (Incident over : state.closed) {
      if (over.group.equals(group) && over.withdraw(fact) && over.isWithdrawn()) {
        messages.end(rule, over, out);
      }
    }
  }

  /** Does what follows from the present standing of a group. */
  private void settle(AlertRule rule, String group, List<Alert> out) {
    Incident incident = state.open.get(group);
    if (incident == null) {
      return;
    }
    if (!incident.isBreaching()) {
      state.open.remove(group);
      if (incident.firedMillis != null) {
        incident.closedMillis = state.clockMillis;
        state.closed.add(incident);
        messages.end(rule, incident, out);
      }
    } else if (incident.firedMillis == null) {
      messages.fire(rule, incident, out);
    }
  }

  private void wake(List<Alert> out) {
    messages.deliver(out);
    for (AlertRule rule : rules.rules()) {
      for (Incident incident : List.copyOf(state.open.values())) {
        if (incident.rule.equals(rule.name()) && incident.dueMillis() <= state.clockMillis) {
          incident.forget(state.clockMillis);
          settle(rule, incident.group, out);
          if (incident.isBreaching()
              && !incident.acknowledged
              && incident.escalateMillis <= state.clockMillis) {
            messages.escalate(rule, incident, out);
          }
        }
      }
    }
  }

  private void acknowledge(String alertId) {
    for (Incident incident : state.open.values()) {
      if (incident.id.equals(alertId)) {
        incident.acknowledged = true;
      }
    }
  }

  private static Alert.Series found(AlertRule rule, WindowFact fact, Judgement judgement) {
    return new Alert.Series(
        fact.metric(),
        fact.grouping(),
        fact.value(),
        fact.actual(),
        judgement.expected(),
        judgement.lower(),
        judgement.upper(),
        rule.severity() != null ? rule.severity() : judgement.severity(),
        judgement.explanation());
  }

  private void remember(MeasureFact fact) {
    for (AlertRule rule : rules.rules()) {
      if (rule.condition().looksBack() && rule.condition().concerns(fact)) {
        boolean known = state.past.containsKey(fact.seriesKey());
        if (!known && state.past.size() >= MOST_KEPT_SERIES) {
          state.leftOut++;
          return;
        }
        state
            .past
            .computeIfAbsent(fact.seriesKey(), key -> new TreeMap<>())
            .put(fact.windowStartMillis(), new Past(fact.actual(), fact.sampleSize()));
        return;
      }
    }
  }

  private Past weekBefore(AlertRule rule, WindowFact fact) {
    TreeMap<Long, Past> series = state.past.get(fact.seriesKey());
    if (series == null || !rule.condition().looksBack()) {
      return null;
    }
    Instant start = Instant.ofEpochMilli(fact.windowStartMillis());
    return series.get(start.atZone(rules.zone()).minusWeeks(1).toInstant().toEpochMilli());
  }

  private void forget() {
    long before = state.clockMillis - REMEMBERED.toMillis();
    state.newest.values().removeIf(start -> start < before);
    state.alerted.values().removeIf(at -> at < before);
    state.closed.removeIf(incident -> incident.closedMillis < before);
    state.past.values().forEach(series -> series.headMap(before).clear());
    state.past.values().removeIf(Map::isEmpty);
  }

  private static boolean isWithdrawal(Fact fact) {
    return fact instanceof AnomalyFact verdict && verdict.state() == AnomalyState.WITHDRAWN;
  }
}
