package io.millrace.gateway.privacy;

import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.privacy.CookielessVisitors;
import io.millrace.domain.privacy.SaltStore;
import io.millrace.domain.tenant.TenantPolicy;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tenants' policies ready for use: schemas compiled, salts at hand. */
public final class PolicyCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyCache.class);

  /** Some 15 MB at most. */
  private static final long MAX_VISITS_AROUND_MIDNIGHT = 100_000;

  private final TenantPolicies policies;
  private final CookielessVisitors visitors;
  private final Map<String, ActivePolicy> active = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gateway-salts");
            thread.setDaemon(true);
            return thread;
          });

  public PolicyCache(TenantPolicies policies, SaltStore salts, Clock clock) {
    this.policies = policies;
    this.visitors = new CookielessVisitors(salts, clock, MAX_VISITS_AROUND_MIDNIGHT);
    Catalogue.builtIn().compile();
    timer.scheduleWithFixedDelay(this::retireSalts, 0, 1, TimeUnit.MINUTES);
  }

  /** The tenant's policy as it is now. */
  @SuppressWarnings("ReferenceEquality") // a changed policy is another object
  public ActivePolicy of(String tenant) {
    TenantPolicy now = policies.of(tenant);
    ActivePolicy known = active.get(tenant);
    if (known == null || known.source() != now) {
      known = new ActivePolicy(now, visitors);
      active.put(tenant, known);
    }
    return known;
  }

  /** Old salts go also when nobody visits. */
  private void retireSalts() {
    try {
      visitors.retire();
    } catch (RuntimeException e) {
      LOG.error("Cannot destroy the salts of past days, trying again in a minute", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
