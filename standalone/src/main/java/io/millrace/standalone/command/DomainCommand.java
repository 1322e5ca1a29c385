package io.millrace.standalone.command;

import io.millrace.gateway.access.DomainStore.StoredDomain;
import io.millrace.gateway.access.WriteKey;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace domain}: hosts of the tenants' own that lead to the gateway. */
@Command(
    name = "domain",
    header = "Add, verify, list and remove tracking domains.",
    description =
        "A request to a verified domain that carries no key is taken as sent with the domain's"
            + " key. Changes count within 5 s, without a restart.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DomainCommand.Add.class,
      DomainCommand.Verify.class,
      DomainCommand.ListAll.class,
      DomainCommand.Remove.class
    })
final class DomainCommand extends AccessGroupCommand {
  DomainCommand(AccessPlace place) {
    super(place);
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

  @Command(
      name = "add",
      header = "Claim a host, and print the DNS record that proves it.",
      description = "It counts once \"domain verify\" has found the record.")
  static final class Add extends AccessCommand.OfTenant {
    @Parameters(paramLabel = "HOST", description = "For example t.example.com.")
    private String host;

    @Option(
        names = "--key",
        paramLabel = "NAME",
        required = true,
        description = "The key with which its requests count as sent.")
    private String key;

    @Override
    public Integer call() throws IOException {
      View added =
          View.of(
              work(
                  "add the domain",
                  stores -> stores.domains().add(host, new WriteKey.Id(tenant, key))));
      return print(
          added,
          String.join(
              System.lineSeparator(),
              "Domain " + added.host() + " of tenant " + tenant + " is pending. Make this record:",
              added.dnsRecord(),
              "then: millrace domain verify " + added.host() + " --tenant " + tenant));
    }
  }

  @Command(
      name = "verify",
      header = "Look for the DNS record, and let the domain count.",
      description = "Exit code 1: the record is not there.")
  static final class Verify extends AccessCommand.OfTenant {
    @Parameters(paramLabel = "HOST", description = "The domain.")
    private String host;

    @Override
    public Integer call() throws IOException {
      View found =
          View.of(
              work(
                  "verify the domain",
                  stores -> {
                    lookUp(stores);
                    return stores.domains().find(host, tenant);
                  }));
      boolean verified = found.verifiedAt() != null;
      print(
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
        stores.domains().verify(host, tenant, place().dns());
      } catch (IOException e) {
        throw new PlatformException(
            ExitCode.ENVIRONMENT, "Cannot verify the domain: " + e.getMessage(), e);
      }
    }
  }

  @Command(name = "list", header = "List the domains of a tenant.")
  static final class ListAll extends AccessCommand.OfTenant {
    @Override
    public Integer call() throws IOException {
      List<View> views =
          work(
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
      return print(views, table.toString());
    }
  }

  @Command(name = "remove", header = "Remove a domain.")
  static final class Remove extends AccessCommand.OfTenant {
    @Parameters(paramLabel = "HOST", description = "The domain.")
    private String host;

    @Override
    public Integer call() throws IOException {
      View removed =
          View.of(
              work(
                  "remove the domain",
                  stores -> {
                    StoredDomain domain = stores.domains().find(host, tenant);
                    stores.domains().remove(host, tenant);
                    return domain;
                  }));
      return print(removed, "Removed domain " + removed.host() + " of tenant " + tenant + ".");
    }
  }
}
