package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.TenantStore.StoredTenant;
import io.millrace.standalone.LocalKeys;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace tenant}: who owns events. */
@Command(
    name = "tenant",
    header = "Create, list, show, change and delete tenants.",
    description = "Changes count within 5 s, without a restart.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TenantCommand.Create.class,
      TenantCommand.ListAll.class,
      TenantCommand.Show.class,
      TenantCommand.Change.class,
      TenantCommand.Delete.class
    })
final class TenantCommand extends AccessGroupCommand {
  TenantCommand(AccessPlace place) {
    super(place);
  }

  /** As it is printed. */
  record View(String name, String createdAt, int keys, long eventsToday, JsonNode settings) {
    static View of(StoredTenant tenant) {
      return new View(
          tenant.name(),
          tenant.createdAt().toString(),
          tenant.keys(),
          tenant.eventsToday(),
          tenant.settings().shown());
    }

    String text() {
      return CommandLines.table(
          List.of(
              Map.entry("tenant", name),
              Map.entry("created", createdAt),
              Map.entry("valid keys", Integer.toString(keys)),
              Map.entry("events today", eventsToday + " (UTC)"),
              Map.entry("settings", settings.toString())));
    }
  }

  /** Settings as they are given: {@code name=value}. */
  private static TenantSettings with(TenantSettings before, List<String> given) {
    TenantSettings settings = before;
    for (String one : given) {
      int equals = one.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "the setting is \"" + one + "\"; give name=value, for example dailyEventQuota=100000");
      }
      settings = settings.with(one.substring(0, equals), one.substring(equals + 1));
    }
    return settings;
  }

  /** One that shows what has become of its tenant. */
  private abstract static class Base extends AccessCommand {
    int show(StoredTenant tenant) {
      View view = View.of(tenant);
      return print(view, view.text());
    }
  }

  @Command(
      name = "create",
      header = "Create a tenant.",
      description = "Commands such as send and replay can use it at once; senders need a key.")
  static final class Create extends Base {
    @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9, _ and -.")
    private String name;

    @Parameters(
        index = "1..*",
        paramLabel = "SETTING=VALUE",
        description = "As for \"tenant set\".")
    private List<String> settings = List.of();

    @Override
    public Integer call() throws IOException {
      StoredTenant created =
          work(
              "create the tenant",
              stores -> {
                stores.tenants().create(name, with(TenantSettings.DEFAULT, settings));
                LocalKeys.createMissing(place().config().get(), List.of(name))
                    .publish(stores.connection(), place().clock());
                return stores.tenants().find(name);
              });
      return show(created);
    }
  }

  @Command(name = "list", header = "List the tenants.")
  static final class ListAll extends Base {
    @Override
    public Integer call() throws IOException {
      List<View> views =
          work("list the tenants", stores -> stores.tenants().list()).stream()
              .map(View::of)
              .toList();
      TextTable table = new TextTable("tenant", "keys", "events today", "settings");
      views.forEach(
          view ->
              table.row(
                  view.name(),
                  Integer.toString(view.keys()),
                  Long.toString(view.eventsToday()),
                  view.settings().toString()));
      return print(views, table.toString());
    }
  }

  @Command(name = "show", header = "Show a tenant.")
  static final class Show extends Base {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    @Override
    public Integer call() throws IOException {
      return show(work("show the tenant", stores -> stores.tenants().find(name)));
    }
  }

  @Command(
      name = "set",
      header = "Change settings of a tenant.",
      description = {
        "catalogue.mode=strict refuses events of types outside the catalogue.",
        "dailyEventQuota=N limits the events of a UTC day.",
        "privacy.NAME=VALUE is a setting of the privacy rules.",
        "A value is JSON or a word; =null takes the setting back."
      })
  static final class Change extends Base {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "SETTING=VALUE",
        description = "For example dailyEventQuota=100000.")
    private List<String> settings;

    @Override
    public Integer call() throws IOException {
      StoredTenant changed =
          work(
              "change the tenant",
              stores -> {
                TenantSettings before = stores.tenants().find(name).settings();
                stores.tenants().change(name, with(before, settings));
                return stores.tenants().find(name);
              });
      return show(changed);
    }
  }

  @Command(
      name = "delete",
      header = "Delete a tenant.",
      description =
          "Its keys and domains go with it; its events stay in the lake. One that has valid keys"
              + " is only deleted with --with-keys.")
  static final class Delete extends Base {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    @Option(names = "--with-keys", description = "Also when senders are turned away by it.")
    private boolean withKeys;

    @Override
    public Integer call() throws IOException {
      StoredTenant deleted =
          work(
              "delete the tenant",
              stores -> {
                StoredTenant tenant = stores.tenants().find(name);
                if (withKeys) {
                  stores.tenants().deleteWithKeys(name);
                } else {
                  stores.tenants().delete(name);
                }
                LocalKeys.forget(place().config().get(), name);
                return tenant;
              });
      return print(View.of(deleted), "Deleted tenant " + name + ".");
    }
  }
}
