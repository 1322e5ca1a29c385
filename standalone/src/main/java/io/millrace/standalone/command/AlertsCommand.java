package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.alerts.AlertRulesFolder;
import io.millrace.alerts.send.SendFailedException;
import io.millrace.alerts.send.Senders;
import io.millrace.alerts.send.SmtpServer;
import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.ChannelSpec;
import io.millrace.domain.alert.InvalidAlertRulesException;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace alerts}: the tenants' alert rules, and whether their channels work. */
@Command(
    name = "alerts",
    header = "Check files of alert rules, and try their channels.",
    description =
        "What a tenant is alerted of, where, and when not, is config/alerts/<tenant>.yaml in the"
            + " data folder.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AlertsCommand.Check.class,
      AlertsCommand.PrintSchema.class,
      AlertsCommand.SendTest.class
    })
final class AlertsCommand extends GroupCommand {
  private final Clock clock;

  @ParentCommand private RootCommand root;

  AlertsCommand(Clock clock) {
    this.clock = clock;
  }

  private Path folder() {
    return root.folder().config().resolve("alerts");
  }

  /**
   * What was found in one file.
   *
   * @param problems each with its line, its value and what is allowed
   */
  record Checked(String file, List<String> rules, List<String> channels, List<String> problems) {
    static Checked of(Path file) {
      try {
        AlertRules read = AlertRulesFolder.read(file);
        return new Checked(file.toString(), read.ruleNames(), read.channelNames(), List.of());
      } catch (InvalidAlertRulesException e) {
        return wrong(file, e.problems());
      } catch (NoSuchFileException e) {
        return wrong(file, List.of(file.getFileName() + ": there is no such file"));
      }
    }

    private static Checked wrong(Path file, List<String> problems) {
      return new Checked(file.toString(), List.of(), List.of(), problems);
    }

    String text() {
      String separator = System.lineSeparator() + "       ";
      return problems.isEmpty()
          ? "ok     " + file + ": rules " + rules + ", channels " + channels
          : "WRONG  " + file + separator + String.join(separator, problems);
    }
  }

  @Command(
      name = "check",
      header = "Say all that is wrong with files of alert rules.",
      description = "Exit code 6 when one of them cannot be used. Nothing needs to run.")
  static final class Check implements Callable<Integer> {
    @ParentCommand private AlertsCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..*",
        description = "Files to check (default: those of the data folder).")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      List<Checked> checked = new ArrayList<>();
      for (Path file : files.isEmpty() ? AlertRulesFolder.files(parent.folder()) : files) {
        checked.add(Checked.of(file));
      }
      PrintWriter out = spec.commandLine().getOut();
      if (parent.root.output() == RootCommand.Output.JSON) {
        out.println(new ObjectMapper().writeValueAsString(checked));
      } else if (checked.isEmpty()) {
        out.println("There are no files in " + parent.folder());
      } else {
        checked.forEach(one -> out.println(one.text()));
      }
      out.flush();
      boolean usable = checked.stream().allMatch(one -> one.problems().isEmpty());
      return (usable ? ExitCode.OK : ExitCode.REFUSED_INPUT).code();
    }
  }

  @Command(name = "schema", header = "Print the JSON schema of such a file, for editors.")
  static final class PrintSchema implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      out.println(AlertRules.schema());
      out.flush();
    }
  }

  /**
   * What came of a test.
   *
   * @param reason why it has not arrived; null where it has
   */
  record Tried(String tenant, String channel, String messageId, boolean sent, String reason) {}

  @Command(
      name = "test",
      header = "Send a test to a channel, at once and once.",
      description = "Exit code 1 when it does not arrive. Nothing needs to run.")
  static final class SendTest implements Callable<Integer> {
    @ParentCommand private AlertsCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "CHANNEL", description = "The channel's name in the file.")
    private String name;

    @Option(names = "--tenant", paramLabel = "TENANT", required = true, description = "Its owner.")
    private String tenant;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Another file than the tenant's in the data folder.")
    private Path file;

    @Option(
        names = "--smtp",
        paramLabel = "URL",
        description =
            "The mail server: smtps://user@host, smtp+starttls://user@host, or smtp://host.")
    private String smtp;

    @Option(
        names = "--smtp-password",
        paramLabel = "PASSWORD",
        defaultValue = "${env:MILLRACE_SMTP_PASSWORD:-}",
        description = "Its password; better given as $$MILLRACE_SMTP_PASSWORD.")
    private String smtpPassword;

    @Option(
        names = "--mail-from",
        paramLabel = "ADDRESS",
        defaultValue = "millrace@localhost",
        description = "The sender of mail (default: ${DEFAULT-VALUE}).")
    private String mailFrom;

    @Override
    public Integer call() throws IOException {
      ChannelSpec channel = channel();
      Alert alert = Alert.trial(tenant, name, parent.clock.millis());
      String reason = null;
      try (Senders senders = new Senders(server(), parent.clock)) {
        senders.send(channel, alert);
      } catch (SendFailedException e) {
        reason = e.getMessage();
      }
      PrintWriter out = spec.commandLine().getOut();
      if (parent.root.output() == RootCommand.Output.JSON) {
        Tried tried = new Tried(tenant, name, alert.messageId(), reason == null, reason);
        out.println(new ObjectMapper().writeValueAsString(tried));
      } else {
        out.println(
            reason == null
                ? "sent   " + channel + ": " + alert.messageId()
                : "FAILED " + channel + ": " + reason);
      }
      out.flush();
      return (reason == null ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
    }

    private ChannelSpec channel() {
      Path read = file == null ? AlertRulesFolder.file(parent.folder(), tenant) : file;
      try {
        AlertRules rules = AlertRulesFolder.read(read);
        return rules
            .channel(name)
            .orElseThrow(
                () ->
                    refused(
                        "there is no channel \""
                            + name
                            + "\" in "
                            + read
                            + "; it has "
                            + rules.channelNames()));
      } catch (InvalidAlertRulesException e) {
        throw refused(e.getMessage());
      } catch (NoSuchFileException e) {
        throw refused("there is no file " + read + "; give another tenant, or the file by --file");
      }
    }

    private SmtpServer server() {
      try {
        return smtp == null ? null : SmtpServer.parse(smtp, smtpPassword, mailFrom);
      } catch (IllegalArgumentException e) {
        throw refused(e.getMessage());
      }
    }

    private static PlatformException refused(String reason) {
      return new PlatformException(ExitCode.REFUSED_INPUT, reason);
    }
  }
}
