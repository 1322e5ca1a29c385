package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.TenantStore.StoredTenant;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace tenant}: who owns events. */
@Command(
    name = "tenant",
    header = "Create, list, show, change and delete tenants.",
    description = "Changes count within 5 s, without a restart.",
    synopsisSubcommandLabel = "COMMAND")
final class TenantCommand extends GroupCommand {
  static CommandLine line(AccessPlace place) {
    return new CommandLine(new TenantCommand())
        .addSubcommand(new Create(place))
        .addSubcommand(new ListAll(place))
        .addSubcommand(new Show(place))
        .addSubcommand(new Change(place))
        .addSubcommand(new Delete(place));
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

  /** What all of them have. */
  private abstract static class Base implements Callable<Integer> {
    final AccessPlace place;
    @Spec CommandSpec spec;

    Base(AccessPlace place) {
      this.place = place;
    }

    int show(StoredTenant tenant) {
      View view = View.of(tenant);
      AccessPlace.print(spec, view, view.text());
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "create",
      header = "Create a tenant.",
      description = "Commands such as send and replay can use it at once; senders need a key.")
  private static final class Create extends Base {
    @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9, _ and -.")
    private String name;

    @Parameters(
        index = "1..*",
        paramLabel = "SETTING=VALUE",
        description = "As for \"tenant set\".")
    private List<String> settings = List.of();

    Create(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      StoredTenant created =
          place.work(
              "create the tenant",
              stores -> {
                stores.tenants().create(name, with(TenantSettings.DEFAULT, settings));
                LocalKeys.createMissing(place.config().get(), List.of(name))
                    .publish(stores.connection(), place.clock());
                return stores.tenants().find(name);
              });
      return show(created);
    }
  }

  @Command(name = "list", header = "List the tenants.")
  private static final class ListAll extends Base {
    ListAll(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      List<View> views =
          place.work("list the tenants", stores -> stores.tenants().list()).stream()
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
      AccessPlace.print(spec, views, table.toString());
      return ExitCode.OK.code();
    }
  }

  @Command(name = "show", header = "Show a tenant.")
  private static final class Show extends Base {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    Show(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      return show(place.work("show the tenant", stores -> stores.tenants().find(name)));
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
  private static final class Change extends Base {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "SETTING=VALUE",
        description = "For example dailyEventQuota=100000.")
    private List<String> settings;

    Change(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      StoredTenant changed =
          place.work(
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
  private static final class Delete extends Base {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    @Option(names = "--with-keys", description = "Also when senders are turned away by it.")
    private boolean withKeys;

    Delete(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      StoredTenant deleted =
          place.work(
              "delete the tenant",
              stores -> {
                StoredTenant tenant = stores.tenants().find(name);
                if (withKeys) {
                  stores.tenants().deleteWithKeys(name);
                } else {
                  stores.tenants().delete(name);
                }
                LocalKeys.forget(place.config().get(), name);
                return tenant;
              });
      AccessPlace.print(spec, View.of(deleted), "Deleted tenant " + name + ".");
      return ExitCode.OK.code();
    }
  }
}
