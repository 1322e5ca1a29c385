package io.millrace.gateway.access;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a sender with this key may do.
 *
 * @param tenant owner of all its events
 * @param name for people and metrics; the key itself is never shown
 * @param historical whether the client's time is the event time, unchanged (imports)
 * @param serverSide whether a server sends for its visitors, so that the address in an event counts
 *     and that of the connection does not
 * @param policy what else it allows
 * @param settings what its tenant has chosen
 */
public record WriteKey(
    String tenant,
    String name,
    boolean historical,
    boolean serverSide,
    KeyPolicy policy,
    TenantSettings settings) {
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}");

  public WriteKey {
    requireTenant(tenant);
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name of a write key of tenant "
              + tenant
              + " is \""
              + name
              + "\"; give 1 to 64 of A-Z, a-z, 0-9, space, ., _ and -, starting with a letter or"
              + " digit");
    }
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(settings, "settings");
  }

  /** A key without limits, of a tenant that has chosen nothing. */
  public WriteKey(String tenant, String name, boolean historical, boolean serverSide) {
    this(tenant, name, historical, serverSide, KeyPolicy.OPEN, TenantSettings.DEFAULT);
  }

  /** Which key it is, whatever it allows. */
  public record Id(String tenant, String name) {
    @Override
    public String toString() {
      return "key " + name + " of tenant " + tenant;
    }
  }

  public Id id() {
    return new Id(tenant, name);
  }

  /** Refuses what cannot be the name of a tenant, and returns what can. */
  public static String requireTenant(String tenant) {
    if (tenant == null || !TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "the tenant is \""
              + tenant
              + "\"; give 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit");
    }
    return tenant;
  }
}
