package io.millrace.alerts.service;

import io.millrace.alerts.Acknowledgements;
import io.millrace.alerts.Outbox;
import io.millrace.alerts.RulesWatch;
import io.millrace.domain.alert.Acknowledgement;
import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.AlertMachine;
import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.Fact;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machines of all tenants that have rules, as they are kept in the outbox. What was told since
 * {@link #advance} is not kept yet, and must be told again after a failure.
 *
 * <p>Not thread-safe.
 */
final class TenantMachines {
  private static final Logger LOG = LoggerFactory.getLogger(TenantMachines.class);

  /** No part of a tenant's name, which is that of a file. */
  private static final char SEPARATOR = '/';

  private final Outbox outbox;
  private final Time time;
  private final Clock clock;
  private final Map<String, Kept> machines = new TreeMap<>();
  private final Set<Acknowledgements.Seen> acknowledged = new HashSet<>();
  private RulesWatch.Snapshot followed;

  /** Of each tenant there is one machine for each time, and they share nothing. */
  enum Time {
    /** Driven by the marks in the topics. */
    OF_EVENTS(""),
    /** Driven by the wall clock; is told only how far behind the events are. */
    OF_THE_CLOCK(SEPARATOR + "freshness");

    private final String suffix;

    Time(String suffix) {
      this.suffix = suffix;
    }

    String key(String tenant) {
      return tenant + suffix;
    }

    Optional<String> tenant(String key) {
      int separator = key.indexOf(SEPARATOR);
      String tenant = separator < 0 ? key : key.substring(0, separator);
      return key(tenant).equals(key) ? Optional.of(tenant) : Optional.empty();
    }
  }

  private static final class Kept {
    AlertRules rules;
    AlertMachine machine;
    boolean told;
  }

  TenantMachines(Outbox outbox, Time time, Clock clock) {
    this.outbox = outbox;
    this.time = time;
    this.clock = clock;
  }

  Set<String> tenants() {
    return machines.keySet();
  }

  /** Takes over rules that are new, others or gone. */
  void follow(RulesWatch.Snapshot present) throws SQLException {
    if (present == followed) {
      return;
    }
    machines.keySet().retainAll(present.withFile());
    for (String key : outbox.machines()) {
      Optional<String> tenant = time.tenant(key);
      if (tenant.isPresent() && !present.withFile().contains(tenant.get())) {
        outbox.endMachine(key);
        LOG.info("The alerts of tenant {} have ended, as there are no rules", tenant.get());
      }
    }
    for (Map.Entry<String, AlertRules> rules : present.rules().entrySet()) {
      String tenant = rules.getKey();
      Kept kept = machines.computeIfAbsent(tenant, name -> new Kept());
      if (kept.machine == null) {
        kept.machine = load(tenant, rules.getValue());
      } else if (kept.rules != rules.getValue()) {
        kept.machine = AlertMachine.restore(tenant, rules.getValue(), kept.machine.state());
        kept.told = true;
      }
      kept.rules = rules.getValue();
    }
    followed = present;
  }

  private AlertMachine load(String tenant, AlertRules rules) throws SQLException {
    Optional<String> state = outbox.machineState(time.key(tenant));
    if (state.isPresent()) {
      try {
        return AlertMachine.restore(tenant, rules, state.get());
      } catch (IllegalArgumentException e) {
        LOG.error("The alerts of tenant {} begin anew, as what they remember is lost", tenant, e);
      }
    }
    return new AlertMachine(tenant, rules, clock.millis());
  }

  /** Tells the tenant's machine; returns whether there is one. */
  boolean tell(Fact fact) {
    Kept kept = machines.get(fact.tenant());
    if (kept == null) {
      return false;
    }
    kept.machine.offer(fact);
    kept.told = true;
    return true;
  }

  /** Tells of what people have seen, once; returns whether any was new. */
  boolean tell(List<Acknowledgements.Seen> all) {
    boolean any = false;
    for (Acknowledgements.Seen seen : all) {
      // At the beginning of time, so that it counts at once: whoever has seen an alert wants no
      // further one, however far behind the events are.
      Fact fact = new Acknowledgement(seen.tenant(), seen.alertId(), 0);
      any |= !acknowledged.contains(seen) && tell(fact) && acknowledged.add(seen);
    }
    return any;
  }

  /** Lets time pass for all, and keeps what has changed with what is to be sent. */
  void advance(long toMillis) throws SQLException {
    for (Map.Entry<String, Kept> entry : machines.entrySet()) {
      Kept kept = entry.getValue();
      List<Alert> alerts = kept.machine.advance(toMillis);
      if (kept.told || !alerts.isEmpty()) {
        outbox.save(time.key(entry.getKey()), kept.machine.state(), alerts);
        kept.told = false;
      }
    }
  }
}
