package io.millrace.udfs;

import io.millrace.domain.channel.OwnHosts;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.factories.ModuleFactory;
import org.apache.flink.table.module.Module;

/** Lets Flink find {@link MillraceModule} by its name: {@code LOAD MODULE millrace}. */
public final class MillraceModuleFactory implements ModuleFactory {
  /** Flink option, of the SQL gateway or set in a session before the module is loaded. */
  public static final ConfigOption<Map<String, String>> OWN_HOSTS =
      ConfigOptions.key("millrace.own-hosts")
          .mapType()
          .defaultValue(Map.of())
          .withDescription(
              "Each tenant's own sites, whose links are no referrals: hosts of a tenant parted by"
                  + " blanks, for example \"shop:shop.example pay.example\".");

  @Override
  public String factoryIdentifier() {
    return "millrace";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public Module createModule(Context context) {
    Map<String, Set<String>> hosts = new HashMap<>();
    context
        .getConfiguration()
        .get(OWN_HOSTS)
        .forEach((tenant, names) -> hosts.put(tenant, Set.of(names.trim().split(" +"))));
    return new MillraceModule(OwnHosts.of(hosts));
  }
}
