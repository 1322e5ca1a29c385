package io.millrace.standalone.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.gateway.access.AllowedOrigins;
import io.millrace.gateway.access.KeyHash;
import io.millrace.gateway.access.KeyPolicy;
import io.millrace.gateway.access.KeyStore.StoredKey;
import io.millrace.gateway.access.Rate;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.WriteKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace key}: who may send events, and which. */
@Command(
    name = "key",
    header = "Create, list, change and revoke write keys.",
    description = "Changes count within 5 s, without a restart.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KeyCommand.Create.class,
      KeyCommand.ListAll.class,
      KeyCommand.Change.class,
      KeyCommand.Revoke.class
    })
final class KeyCommand extends AccessGroupCommand {
  KeyCommand(AccessPlace place) {
    super(place);
  }

  /**
   * As it is printed; rates are null without a limit.
   *
   * @param key the key itself, only when it is new
   * @param sha256 how its hash begins
   */
  record View(
      String tenant,
      String name,
      @JsonInclude(JsonInclude.Include.NON_NULL) String key,
      String sha256,
      boolean historical,
      boolean serverSide,
      List<String> eventTypes,
      List<String> origins,
      Rate requests,
      Rate events,
      String createdAt,
      String revokedAt) {
    static View of(StoredKey stored, String key) {
      KeyPolicy policy = stored.policy();
      return new View(
          stored.tenant(),
          stored.name(),
          key,
          stored.hashStart(),
          stored.historical(),
          stored.serverSide(),
          List.copyOf(policy.sortedTypes()),
          policy.origins().texts(),
          policy.requests(),
          policy.events(),
          stored.createdAt().toString(),
          stored.revokedAt() == null ? null : stored.revokedAt().toString());
    }

    String kind() {
      List<String> kinds = new ArrayList<>();
      if (revokedAt != null) {
        kinds.add("revoked");
      }
      if (historical) {
        kinds.add("historical");
      }
      if (serverSide) {
        kinds.add("server-side");
      }
      return kinds.isEmpty() ? "live" : String.join(", ", kinds);
    }

    static String orAll(List<String> texts) {
      return texts.isEmpty() ? "all" : String.join(", ", texts);
    }

    static String orNone(Rate rate) {
      return rate == null ? "no limit" : rate.toString();
    }
  }

  /** What a key allows, as options; what is not given stays as it is. */
  private static final class PolicyOptions {
    @Option(
        names = "--event-type",
        paramLabel = "TYPE",
        description = "A type it may send; may be repeated, \"all\" for all.")
    private List<String> eventTypes;

    @Option(
        names = "--origin",
        paramLabel = "ORIGIN",
        description =
            "A site whose pages may use it, such as https://example.com or"
                + " https://*.example.com; may be repeated, \"all\" for all.")
    private List<String> origins;

    @Option(
        names = "--requests-per-second",
        paramLabel = "N",
        description = "At most so many requests in the long run; 0 for no limit.")
    private Integer requestsPerSecond;

    @Option(
        names = "--requests-burst",
        paramLabel = "N",
        description = "So many at once after a pause (default: twice the rate).")
    private Integer requestsBurst;

    @Option(
        names = "--events-per-second",
        paramLabel = "N",
        description = "At most so many events in the long run; 0 for no limit.")
    private Integer eventsPerSecond;

    @Option(
        names = "--events-burst",
        paramLabel = "N",
        description = "So many at once after a pause (default: twice the rate).")
    private Integer eventsBurst;

    KeyPolicy on(KeyPolicy before) {
      return new KeyPolicy(
          eventTypes == null ? before.eventTypes() : new HashSet<>(unlessAll(eventTypes)),
          origins == null ? before.origins() : AllowedOrigins.of(unlessAll(origins)),
          rate("requests", requestsPerSecond, requestsBurst, before.requests()),
          rate("events", eventsPerSecond, eventsBurst, before.events()));
    }

    private static List<String> unlessAll(List<String> given) {
      return given.equals(List.of("all")) ? List.of() : given;
    }

    private static Rate rate(String of, Integer perSecond, Integer burst, Rate before) {
      if (perSecond == null && burst == null) {
        return before;
      }
      if (perSecond == null && before == null) {
        throw new IllegalArgumentException(
            "--" + of + "-burst is given without a rate; give --" + of + "-per-second too");
      }
      if (perSecond != null && perSecond == 0) {
        return null;
      }
      int rate = perSecond == null ? before.perSecond() : perSecond;
      return new Rate(rate, burst == null ? (int) Math.min(2L * rate, 1_000_000) : burst);
    }
  }

  /** What all of them have. */
  private abstract static class Base extends AccessCommand.OfTenant {
    int show(View view, String heading) {
      return print(
          view,
          heading
              + System.lineSeparator()
              + CommandLines.table(
                  List.of(
                      Map.entry("kind", view.kind()),
                      Map.entry("event types", View.orAll(view.eventTypes())),
                      Map.entry("origins", View.orAll(view.origins())),
                      Map.entry("requests", View.orNone(view.requests())),
                      Map.entry("events", View.orNone(view.events())),
                      Map.entry("sha256", view.sha256() + "…"))));
    }
  }

  @Command(
      name = "create",
      header = "Create a write key and print it, this once.",
      description = "Only its hash is kept: who loses the key makes another.")
  static final class Create extends Base {
    @Parameters(paramLabel = "NAME", description = "For people, for example web.")
    private String name;

    @Option(
        names = "--historical",
        description = "Events keep their own time, however old: for imports.")
    private boolean historical;

    @Option(
        names = "--server-side",
        description = "A server sends for its visitors: the address in an event counts.")
    private boolean serverSide;

    @Mixin private PolicyOptions policy = new PolicyOptions();

    @Override
    public Integer call() throws IOException {
      String key = KeyHash.newKey();
      View created =
          work(
              "create the key",
              stores -> {
                WriteKey made =
                    new WriteKey(
                        tenant,
                        name,
                        historical,
                        serverSide,
                        policy.on(KeyPolicy.OPEN),
                        TenantSettings.DEFAULT);
                stores.keys().create(made, KeyHash.sha256(key));
                return View.of(stores.keys().find(made.id()), key);
              });
      return show(
          created,
          "Write key "
              + name
              + " of tenant "
              + tenant
              + ", shown this once:"
              + System.lineSeparator()
              + key);
    }
  }

  @Command(name = "list", header = "List the keys of a tenant, also revoked ones.")
  static final class ListAll extends Base {
    @Override
    public Integer call() throws IOException {
      List<View> views =
          work(
                  "list the keys",
                  stores -> {
                    stores.tenants().find(tenant);
                    return stores.keys().list(tenant);
                  })
              .stream()
              .map(stored -> View.of(stored, null))
              .toList();
      TextTable table =
          new TextTable("key", "kind", "event types", "origins", "requests", "events", "sha256");
      views.forEach(
          view ->
              table.row(
                  view.name(),
                  view.kind(),
                  View.orAll(view.eventTypes()),
                  View.orAll(view.origins()),
                  View.orNone(view.requests()),
                  View.orNone(view.events()),
                  view.sha256() + "…"));
      return print(views, table.toString());
    }
  }

  @Command(
      name = "set",
      header = "Change what a key allows.",
      description = "What is not given stays as it is.")
  static final class Change extends Base {
    @Parameters(paramLabel = "NAME", description = "The key.")
    private String name;

    @Mixin private PolicyOptions policy = new PolicyOptions();

    @Override
    public Integer call() throws IOException {
      WriteKey.Id id = new WriteKey.Id(tenant, name);
      View changed =
          work(
              "change the key",
              stores -> {
                stores.keys().change(id, policy.on(stores.keys().find(id).policy()));
                return View.of(stores.keys().find(id), null);
              });
      return show(changed, "Changed key " + name + " of tenant " + tenant + ":");
    }
  }

  @Command(name = "revoke", header = "Revoke a key, for good.")
  static final class Revoke extends Base {
    @Parameters(paramLabel = "NAME", description = "The key.")
    private String name;

    @Override
    public Integer call() throws IOException {
      WriteKey.Id id = new WriteKey.Id(tenant, name);
      View revoked =
          work(
              "revoke the key",
              stores -> {
                stores.keys().revoke(id);
                return View.of(stores.keys().find(id), null);
              });
      return print(revoked, "Revoked key " + name + " of tenant " + tenant + ".");
    }
  }
}
