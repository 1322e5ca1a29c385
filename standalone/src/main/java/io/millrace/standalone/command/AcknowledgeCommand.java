package io.millrace.standalone.command;

import io.millrace.alerts.Acknowledgements;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says that somebody has seen an alert. */
@Command(
    name = "acknowledge",
    header = "Say that somebody has seen an alert.",
    description =
        "It is escalated no further; when it is over, everybody who was told hears of it. Counts"
            + " within seconds. Exit code 6 when there is no such alert.")
final class AcknowledgeCommand implements Callable<Integer> {
  @ParentCommand private AlertsCommand parent;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ALERT",
      description = "Its id, as in messages and in \"millrace alerts list\".")
  private String alertId;

  @Option(names = "--tenant", paramLabel = "TENANT", required = true, description = "Whose alert.")
  private String tenant;

  @Override
  public Integer call() throws IOException {
    boolean known =
        parent.work(
            "acknowledge the alert",
            (connection, clock) -> new Acknowledgements(connection, clock).add(tenant, alertId));
    if (!known) {
      throw new PlatformException(
          ExitCode.REFUSED_INPUT,
          "Cannot acknowledge the alert: tenant "
              + tenant
              + " has no alert \""
              + alertId
              + "\"; give one that \"millrace alerts list --tenant "
              + tenant
              + "\" names");
    }
    parent.print(
        spec,
        Map.of("tenant", tenant, "alertId", alertId, "acknowledged", true),
        "Acknowledged alert " + alertId + '.');
    return ExitCode.OK.code();
  }
}
