package io.millrace.gateway;

import java.util.regex.Pattern;

/**
 * What a sender with this key may do.
 *
 * @param tenant owner of all its events
 * @param name for people and metrics; the key itself is never shown
 * @param historical whether the client's time is the event time, unchanged (imports)
 * @param serverSide whether a server sends for its visitors, so that the address in an event counts
 *     and that of the connection does not
 */
public record WriteKey(String tenant, String name, boolean historical, boolean serverSide) {
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  public WriteKey {
    if (tenant == null || !TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "tenant is \""
              + tenant
              + "\"; give 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit");
    }
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("a write key of tenant " + tenant + " has no name");
    }
  }
}
