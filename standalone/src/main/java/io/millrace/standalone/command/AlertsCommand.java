package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.alerts.AlertRulesFolder;
import io.millrace.alerts.AlertsDatabase;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace alerts}: the tenants' alert rules, their channels, and what was sent. */
@Command(
    name = "alerts",
    header = "Check files of alert rules, try channels, see what was sent.",
    description =
        "What a tenant is alerted of, where, and when not, is config/alerts/<tenant>.yaml in the"
            + " data folder. A running platform takes a changed file within seconds; of one that"
            + " cannot be used it keeps what it had.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AlertsCommand.Check.class,
      AlertsCommand.PrintSchema.class,
      AlertsCommand.SendTest.class,
      AlertListCommand.class,
      AcknowledgeCommand.class
    })
final class AlertsCommand extends GroupCommand {
  private final Supplier<AlertsDatabase> database;
  private final Clock clock;

  @ParentCommand private RootCommand root;

  /**
   * The group.
   *
   * @param database asked for when a command needs it
   */
  AlertsCommand(Supplier<AlertsDatabase> database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  private Path folder() {
    return root.folder().alerts();
  }

  /** What a command does in the database. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection, Clock clock) throws SQLException;
  }

  /**
   * Does the work, and turns what fails into one sentence and an exit code.
   *
   * @param what for the sentence, for example {@code list the alerts}
   */
  <T> T work(String what, Work<T> work) {
    AlertsDatabase found = database.get();
    try (Connection connection = found.connect()) {
      return work.on(connection, clock);
    } catch (SQLException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot " + what + ": Postgres at " + found.jdbcUrl() + " fails: " + e.getMessage(),
          e);
    }
  }

  /** Prints what the user asked for. */
  void print(CommandSpec spec, Object json, String text) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        root.output() == RootCommand.Output.JSON
            ? new ObjectMapper().writeValueAsString(json)
            : text);
    out.flush();
  }

  /** What was found in one file. */
  record Checked(String file, List<String> rules, List<String> channels, List<String> problems)
      implements CheckCommand.CheckedFile {
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

    @Override
    public String contents() {
      return "rules " + rules + ", channels " + channels;
    }
  }

  @Command(
      name = "check",
      header = "Say all that is wrong with files of alert rules.",
      description = "Exit code 6 when one of them cannot be used. Nothing needs to run.")
  static final class Check extends CheckCommand {
    @ParentCommand private AlertsCommand parent;

    @Override
    Path folder() {
      return parent.folder();
    }

    @Override
    List<Path> files(Path folder) throws IOException {
      return AlertRulesFolder.files(folder);
    }

    @Override
    CheckedFile check(Path file) {
      return Checked.of(file);
    }
  }

  @Command(name = "schema", header = "Print the JSON schema of such a file, for editors.")
  static final class PrintSchema extends SchemaCommand {
    @Override
    String schema() {
      return AlertRules.schema();
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

    @Mixin private MailOptions mail = new MailOptions();

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
      parent.print(
          spec,
          new Tried(tenant, name, alert.messageId(), reason == null, reason),
          reason == null
              ? "sent   " + channel + ": " + alert.messageId()
              : "FAILED " + channel + ": " + reason);
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
        return mail.server().orElse(null);
      } catch (IllegalArgumentException e) {
        throw refused(e.getMessage());
      }
    }

    private static PlatformException refused(String reason) {
      return new PlatformException(ExitCode.REFUSED_INPUT, reason);
    }
  }
}
