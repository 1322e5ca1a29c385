package io.millrace.standalone.command;

import io.millrace.gateway.access.DomainStore.StoredDomain;
import io.millrace.gateway.access.WriteKey;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace domain}: hosts of the tenants' own that lead to the gateway. */
@Command(
    name = "domain",
    header = "Add, verify, list and remove tracking domains.",
    description =
        "A request to a verified domain that carries no key is taken as sent with the domain's"
            + " key. Changes count within 5 s, without a restart.",
    synopsisSubcommandLabel = "COMMAND")
final class DomainCommand extends GroupCommand {
  static CommandLine line(AccessPlace place) {
    return new CommandLine(new DomainCommand())
        .addSubcommand(new Add(place))
        .addSubcommand(new Verify(place))
        .addSubcommand(new ListAll(place))
        .addSubcommand(new Remove(place));
  }

  /**
   * As it is printed.
   *
   * @param state {@code pending} or {@code verified}
   * @param recordName of the TXT record that proves it, whose text is the token
   */
  record View(
      String host,
      String tenant,
      String key,
      String state,
      String recordName,
      String token,
      String verifiedAt) {
    static View of(StoredDomain domain) {
      boolean verified = domain.verifiedAt() != null;
      return new View(
          domain.host(),
          domain.tenant(),
          domain.key(),
          verified ? "verified" : "pending",
          domain.recordName(),
          domain.token(),
          verified ? domain.verifiedAt().toString() : null);
    }

    String dnsRecord() {
      return recordName + ". TXT \"" + token + "\"";
    }
  }

  /** What all of them have. */
  private abstract static class Base implements Callable<Integer> {
    final AccessPlace place;
    @Spec CommandSpec spec;

    @Option(
        names = "--tenant",
        paramLabel = "T",
        defaultValue = "default",
        description = "Whose domain (default: ${DEFAULT-VALUE}).")
    String tenant;

    Base(AccessPlace place) {
      this.place = place;
    }
  }

  @Command(
      name = "add",
      header = "Claim a host, and print the DNS record that proves it.",
      description = "It counts once \"domain verify\" has found the record.")
  private static final class Add extends Base {
    @Parameters(paramLabel = "HOST", description = "For example t.example.com.")
    private String host;

    @Option(
        names = "--key",
        paramLabel = "NAME",
        required = true,
        description = "The key with which its requests count as sent.")
    private String key;

    Add(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      View added =
          View.of(
              place.work(
                  "add the domain",
                  stores -> stores.domains().add(host, new WriteKey.Id(tenant, key))));
      AccessPlace.print(
          spec,
          added,
          String.join(
              System.lineSeparator(),
              "Domain " + added.host() + " of tenant " + tenant + " is pending. Make this record:",
              added.dnsRecord(),
              "then: millrace domain verify " + added.host() + " --tenant " + tenant));
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "verify",
      header = "Look for the DNS record, and let the domain count.",
      description = "Exit code 1: the record is not there.")
  private static final class Verify extends Base {
    @Parameters(paramLabel = "HOST", description = "The domain.")
    private String host;

    Verify(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      View found =
          View.of(
              place.work(
                  "verify the domain",
                  stores -> {
                    lookUp(stores);
                    return stores.domains().find(host, tenant);
                  }));
      boolean verified = found.verifiedAt() != null;
      AccessPlace.print(
          spec,
          found,
          verified
              ? "Domain " + found.host() + " of tenant " + tenant + " is verified."
              : "Domain "
                  + found.host()
                  + " of tenant "
                  + tenant
                  + " is pending: the DNS has no record "
                  + found.dnsRecord()
                  + "; a new one may take its time");
      return (verified ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
    }

    private void lookUp(AccessPlace.Stores stores) throws SQLException {
      try {
        stores.domains().verify(host, tenant, place.dns());
      } catch (IOException e) {
        throw new PlatformException(
            ExitCode.ENVIRONMENT, "Cannot verify the domain: " + e.getMessage(), e);
      }
    }
  }

  @Command(name = "list", header = "List the domains of a tenant.")
  private static final class ListAll extends Base {
    ListAll(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      List<View> views =
          place
              .work(
                  "list the domains",
                  stores -> {
                    stores.tenants().find(tenant);
                    return stores.domains().list(tenant);
                  })
              .stream()
              .map(View::of)
              .toList();
      TextTable table = new TextTable("domain", "key", "state", "record");
      views.forEach(view -> table.row(view.host(), view.key(), view.state(), view.dnsRecord()));
      AccessPlace.print(spec, views, table.toString());
      return ExitCode.OK.code();
    }
  }

  @Command(name = "remove", header = "Remove a domain.")
  private static final class Remove extends Base {
    @Parameters(paramLabel = "HOST", description = "The domain.")
    private String host;

    Remove(AccessPlace place) {
      super(place);
    }

    @Override
    public Integer call() throws IOException {
      View removed =
          View.of(
              place.work(
                  "remove the domain",
                  stores -> {
                    StoredDomain domain = stores.domains().find(host, tenant);
                    stores.domains().remove(host, tenant);
                    return domain;
                  }));
      AccessPlace.print(
          spec, removed, "Removed domain " + removed.host() + " of tenant " + tenant + ".");
      return ExitCode.OK.code();
    }
  }
}
