package io.millrace.standalone.command;

import io.millrace.alerts.MessageList;
import io.millrace.standalone.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what a tenant was alerted of, and what became of the messages. */
@Command(
    name = "list",
    header = "List messages of alerts: what waits, then the newest.",
    description =
        "A message is waiting, sent, or dead: given up after a day. The reason is that of the last"
            + " failure. Messages that have ended are kept for 30 days.")
final class AlertListCommand implements Callable<Integer> {
  @ParentCommand private AlertsCommand parent;
  @Spec private CommandSpec spec;

  @Option(names = "--tenant", paramLabel = "TENANT", required = true, description = "Whose alerts.")
  private String tenant;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws IOException {
    List<MessageList.Listed> messages =
        parent.work(
            "list the alerts",
            (connection, clock) -> MessageList.read(connection, tenant, Math.max(1, limit)));
    parent.print(spec, messages, text(messages));
    return ExitCode.OK.code();
  }

  private String text(List<MessageList.Listed> messages) {
    if (messages.isEmpty()) {
      return "There are no messages of tenant " + tenant + '.';
    }
    TextTable table =
        new TextTable("alert", "message", "to", "created", "outcome", "seen", "about");
    for (MessageList.Listed message : messages) {
      table.row(
          message.alertId(),
          message.kind(),
          message.channel(),
          message.createdAt(),
          message.outcome(),
          message.acknowledged() ? "yes" : "no",
          message.title() + (message.reason() == null ? "" : " (" + message.reason() + ')'));
    }
    return table.toString();
  }
}
