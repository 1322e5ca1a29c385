package io.millrace.jobs.conversions;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The definitions of all tenants, as texts that have been read once without an error; whoever is
 * not in here has none. A Flink POJO.
 */
public final class DefinitionsSet {
  /** Tenants in order of their names. */
  public String[] tenants = new String[0];

  /** YAML, in the order of {@link #tenants}. */
  public String[] texts = new String[0];

  public static DefinitionsSet of(Map<String, String> byTenant) {
    SortedMap<String, String> sorted = new TreeMap<>(byTenant);
    DefinitionsSet set = new DefinitionsSet();
    set.tenants = sorted.keySet().toArray(String[]::new);
    set.texts = sorted.values().toArray(String[]::new);
    return set;
  }

  public SortedMap<String, String> byTenant() {
    SortedMap<String, String> byTenant = new TreeMap<>();
    for (int i = 0; i < tenants.length; i++) {
      byTenant.put(tenants[i], texts[i]);
    }
    return byTenant;
  }

  @Override
  public String toString() {
    return "DefinitionsSet" + Arrays.toString(tenants);
  }
}
