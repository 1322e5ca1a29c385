package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the commands that recompute refuse before they look for a platform. */
class BackfillCommandTest {
  @TempDir Path folder;

  private final StringWriter err = new StringWriter();

  static Stream<Arguments> refused() {
    String times = "; give a time such as 2026-01-31, 2026-01-31T12:00:00Z, now or now-7d";
    return Stream.of(
        arguments(
            "backfill --from 2026-02-01 --to 2026-01-01",
            "Cannot recompute this range: it begins at 2026-02-01T00:00:00Z and ends at"
                + " 2026-01-01T00:00:00Z; give an end after the beginning"),
        arguments(
            "backfill --from 2026-01-01 --to 2026-01-01",
            "Cannot recompute this range: it begins at 2026-01-01T00:00:00Z and ends at"
                + " 2026-01-01T00:00:00Z; give an end after the beginning"),
        arguments("backfill --from yesterday --to now", "--from is \"yesterday\"" + times),
        arguments("backfill --from now-2d --to 2026-02-30", "--to is \"2026-02-30\"" + times),
        arguments(
            "backfill --from now-2d --to now --job anomalies",
            "--job: \"anomalies\" is no job whose results can be recomputed; give one of [sessions,"
                + " metrics, conversions]"),
        arguments("backfill --from now-2d", "Missing required option: '--to=TIME'"),
        arguments(
            "restate --since now --arrived-before now-1d",
            "--since (now) is not before --arrived-before (now-1d); give an earlier one"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatMakesNoSenseIsAUsageErrorThatSaysWhatIsAllowed(String line, String error) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(err.toString()).startsWith("millrace: " + error + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(strings = {"backfill --from now-2d --to now", "restate", "rebuild-hot"})
  void withoutAPlatformThereIsNothingToRecompute(String line) {
    assertThat(run((line + " --data " + folder).split(" "))).isEqualTo(3);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: Millrace is not running on "
                + folder
                + "; start it with \"millrace up\", or name its folder with --data\n");
  }

  private int run(String... words) {
    CommandLine line = CommandLines.create();
    line.setErr(new PrintWriter(err, true));
    return line.execute(words);
  }
}
