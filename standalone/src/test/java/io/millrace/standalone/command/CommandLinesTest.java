package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLinesTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesEveryCommandAndEveryExitCode() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString()).contains("up", "stop", "status", "Exit codes:");
    for (ExitCode code : ExitCode.values()) {
      assertThat(out.toString()).contains(Integer.toString(code.code()));
    }
    assertThat(out.toString()).contains("no platform is running on this data folder");
  }

  @Test
  void exitCodesAreAPromise() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::code)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 70);
  }

  @Test
  void everyCommandHasHelpOfItsOwn() {
    for (String command : CommandLines.create().getSubcommands().keySet()) {
      assertThat(run(command, "--help")).as(command).isZero();
    }
  }

  @Test
  void theVersionIsTheOneOfTheBuild() {
    assertThat(run("--version")).isZero();

    assertThat(out.toString()).matches("millrace \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void aWrongWordIsAUsageErrorInOneSentence() {
    assertThat(run("status", "--wrong")).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: Unknown option: '--wrong'\nTry \"millrace status --help\".\n");
  }

  @Test
  void noCommandIsAUsageErrorThatNamesTheCommands() {
    assertThat(run()).isEqualTo(2);

    assertThat(err.toString())
        .startsWith(
            "millrace: no command is given; give one of [up, demo, replay, send, page, sql, audit,");
  }

  @Test
  void statusAndStopSayWithCode3ThatNothingIsRunning() {
    assertThat(run("--data", folder.toString(), "status")).isEqualTo(3);
    assertThat(run("stop", "--data", folder.toString())).isEqualTo(3);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: Millrace is not running on "
                + folder
                + "; start it with \"millrace up\", or name its folder with --data\n"
                + "millrace: Millrace is not running on "
                + folder
                + "; nothing to stop\n");
  }

  @Test
  void aDurationThatIsNoneIsRefusedWithAnExample() {
    assertThat(run("up", "--checkpoint-interval", "soon")).isEqualTo(2);

    assertThat(err.toString())
        .contains("'soon' is no duration; give a number with ms, s, min or h, for example 10s");
  }

  @Test
  void optionsThatMakeNoSenseAreRefusedBeforeAnythingStarts() {
    String data = folder.resolve("data").toString();

    assertThat(run("--data", data, "up", "--checkpoint-interval", "1ms")).isEqualTo(2);
    assertThat(run("--data", data, "up", "--parallelism", "0")).isEqualTo(2);
    assertThat(run("--data", data, "up", "--geo", "/no/such/file.mmdb")).isEqualTo(2);
    assertThat(run("--data", data, "up", "--warehouse", "file:///w/")).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: Cannot start: the checkpoint interval is 1 ms; give at least 100 ms, for"
                + " example 10s\n"
                + "millrace: Cannot start: the parallelism is 0; give 1 to 128\n"
                + "millrace: Cannot start: the geo database /no/such/file.mmdb cannot be read;"
                + " give an MMDB file, or leave it out\n"
                + "millrace: Cannot start: only one of --catalog and --warehouse is given; give"
                + " both or neither, since a catalog without its files is no lake\n");
    assertThat(Path.of(data)).doesNotExist();
  }

  private int run(String... words) {
    CommandLine line = CommandLines.create();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(words);
  }

  /** The words of a command line, as the root command gets them. */
  static String[] after(String command, String... words) {
    return Stream.concat(Stream.of(command), Stream.of(words)).toArray(String[]::new);
  }

  /** A command line with this command alone. */
  static CommandLine with(String name, Object command) {
    return new CommandLine(new RootCommand())
        .addSubcommand(name, command)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
