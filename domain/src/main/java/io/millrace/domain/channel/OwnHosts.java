package io.millrace.domain.channel;

import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The hosts that are a tenant's own, beside the one a page is on: a visit from them is no referral.
 * A host stands for itself and everything below it.
 */
public final class OwnHosts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, HashSet<String>> hostsOfTenant;

  private OwnHosts(HashMap<String, HashSet<String>> hostsOfTenant) {
    this.hostsOfTenant = hostsOfTenant;
  }

  public static OwnHosts none() {
    return new OwnHosts(new HashMap<>());
  }

  public static OwnHosts of(Map<String, Set<String>> hostsOfTenant) {
    HashMap<String, HashSet<String>> copy = new HashMap<>();
    hostsOfTenant.forEach(
        (tenant, hosts) -> {
          HashSet<String> lower = new HashSet<>();
          hosts.forEach(host -> lower.add(host.toLowerCase(Locale.ROOT)));
          copy.put(tenant, lower);
        });
    return new OwnHosts(copy);
  }

  /** Whether {@code host}, in lower case, is one of the tenant's or below one. */
  public boolean contains(String tenant, String host) {
    HashSet<String> own = hostsOfTenant.get(tenant);
    if (own == null || own.isEmpty()) {
      return false;
    }
    String part = host;
    while (!own.contains(part)) {
      int dot = part.indexOf('.');
      if (dot < 0) {
        return false;
      }
      part = part.substring(dot + 1);
    }
    return true;
  }
}
