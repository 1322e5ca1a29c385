package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnomalyBacktestCommandTest {
  @TempDir Path folder;

  private final StringWriter err = new StringWriter();

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("--from now-2d", 2, "Missing required option: '--metric=METRIC'"),
        arguments(
            "--metric clicks",
            2,
            "--metric is \"clicks\"; give events, page_views, visitors, conversions, revenue_cents,"
                + " ctr, sessions, bounce_rate"),
        arguments(
            "--metric events --grouping city-of",
            2,
            "--grouping is \"city-of\"; give all, page, channel, source, country, device, browser,"
                + " os, event_type, campaign, region, city, entity, owner, variant"),
        arguments("--metric events --every 1d", 2, "--every is \"1d\"; give 15m or 1h"),
        arguments(
            "--metric visitors --every 1h",
            2,
            "--every is \"1h\"; give 15m for visitors, as the visitors of an hour are no sum of its"
                + " quarters"),
        arguments(
            "--metric events --plot out.pdf",
            2,
            "--plot is \"out.pdf\"; give a name that ends with .png or .svg"),
        arguments(
            "--metric events --from now --to now-1d",
            2,
            "--from (now) is not before --to (now-1d); give an earlier one"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatMakesNoSenseIsRefusedWithWhatIsAllowed(String words, int code, String error) {
    String line = "anomaly backtest " + words + " --data " + folder;

    int exit = TestCommands.run(new StringWriter(), err, line.split(" "));

    assertThat(exit).isEqualTo(code);
    assertThat(err.toString()).contains(error);
  }
}
