package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.WatchedMetric;
import io.millrace.domain.metric.Grouping;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.anomaly.Backtest;
import io.millrace.standalone.anomaly.BacktestPlot;
import io.millrace.standalone.anomaly.LakeSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.jdbc.JdbcCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace anomaly backtest}: what would have been an alarm. */
@Command(
    name = "backtest",
    header = "Show what would have been an alarm in a series of the lake.",
    description = {
      "Scores the series from its beginning with the scorer of the pipeline, and tells what it"
          + " found between two times.",
      "The pipeline may have said otherwise at that time: it judged each window as it was when it"
          + " was over, and this as it is now."
    })
final class AnomalyBacktestCommand implements Callable<Integer> {
  private final Clock clock = Clock.systemUTC();

  @ParentCommand private AnomalyCommand parent;
  @Spec private CommandSpec spec;

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      required = true,
      description =
          "events, page_views, visitors, conversions, revenue_cents, ctr, sessions or bounce_rate.")
  private String metric;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      defaultValue = LocalKeys.DEFAULT_TENANT,
      description = "Whose series (default: ${DEFAULT-VALUE}).")
  private String tenant;

  @Option(
      names = "--grouping",
      paramLabel = "G",
      defaultValue = "all",
      description = "page, channel, country, … (default: ${DEFAULT-VALUE}).")
  private String grouping;

  @Option(
      names = "--value",
      paramLabel = "V",
      defaultValue = "all",
      description = "Which page, channel, country (default: ${DEFAULT-VALUE}).")
  private String value;

  @Option(
      names = "--every",
      paramLabel = "WINDOW",
      defaultValue = "15m",
      description = "How long windows are: 15m or 1h (default: ${DEFAULT-VALUE}).")
  private String every;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Whose clock people live by (default: ${DEFAULT-VALUE}).")
  private ZoneId zone = ZoneOffset.UTC;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      defaultValue = "now-7d",
      description = "Tell of windows from then on (default: ${DEFAULT-VALUE}).")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      defaultValue = "now",
      description = "Tell of windows that are over by then (default: ${DEFAULT-VALUE}).")
  private String to;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw series, band and alarms; FILE ends with .png or .svg.")
  private Path plot;

  @Override
  public Integer call() throws Exception {
    WatchedMetric watched = metric();
    Grain grain = grain(watched);
    if (Arrays.stream(Grouping.values()).noneMatch(one -> one.label().equals(grouping))) {
      throw refused("--grouping", grouping, labels(Grouping.values(), Grouping::label));
    }
    if (plot != null && !BacktestPlot.canWrite(plot)) {
      throw refused("--plot", plot.toString(), "a name that ends with .png or .svg");
    }
    long fromMillis = TimeOption.millis(spec.commandLine(), "--from", from, clock);
    long toMillis = TimeOption.millis(spec.commandLine(), "--to", to, clock);
    if (fromMillis >= toMillis) {
      throw new ParameterException(
          spec.commandLine(),
          "--from (%s) is not before --to (%s); give an earlier one".formatted(from, to));
    }

    RunningPlatform running = RunningPlatform.require(parent.root().folder());
    List<Point> points;
    try (JdbcCatalog catalog = running.lake().catalog().open()) {
      points = LakeSeries.read(catalog, tenant, grouping, value, watched, grain, toMillis);
    }
    if (points.isEmpty()) {
      throw new PlatformException(
          ExitCode.REFUSED_INPUT,
          "lake.metrics_15m has nothing of tenant %s with %s \"%s\" before %s; ask it which there are: SELECT DISTINCT `grouping`, `value` FROM metrics_15m"
              .formatted(tenant, grouping, value, to));
    }
    String name = watched.label() + '|' + grouping + '|' + value + '|' + grain.label();
    Backtest backtest = new Backtest(name, watched, grain, zone, points, fromMillis);
    print(backtest.report());
    if (plot != null && !backtest.verdicts().isEmpty()) {
      draw(name, backtest);
    }
    return ExitCode.OK.code();
  }

  private void draw(String name, Backtest backtest) {
    try {
      BacktestPlot.write(tenant + ": " + name, backtest.verdicts(), zone, plot);
    } catch (IOException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot write %s: %s; give a file in a folder that can be written"
              .formatted(plot, e.getMessage()),
          e);
    }
  }

  private void print(Backtest.Report report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (parent.root().output() == RootCommand.Output.JSON) {
      out.println(
          new ObjectMapper()
              .registerModule(
                  new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
              .writeValueAsString(report));
    } else {
      for (Backtest.Event event : report.events()) {
        out.printf(
            Locale.ROOT,
            "%s to %s  %,.2f, usual are %,.2f to %,.2f  score %.2f%n",
            event.start(),
            event.end(),
            event.actual(),
            event.lower(),
            event.upper(),
            event.score());
      }
      out.printf(
          Locale.ROOT,
          "%s: %,d windows judged by %s, %,d of them while learning, %s%n",
          report.series(),
          report.windows(),
          report.model(),
          report.learning(),
          report.events().size() == 1 ? "1 alarm" : report.events().size() + " alarms");
    }
    out.flush();
  }

  private WatchedMetric metric() {
    Optional<WatchedMetric> found =
        Arrays.stream(WatchedMetric.values()).filter(one -> one.label().equals(metric)).findAny();
    return found.orElseThrow(
        () -> refused("--metric", metric, labels(WatchedMetric.values(), WatchedMetric::label)));
  }

  private Grain grain(WatchedMetric watched) {
    if (every.equals(Grain.QUARTER.label())) {
      return Grain.QUARTER;
    }
    if (!every.equals(Grain.HOUR.label())) {
      throw refused("--every", every, "15m or 1h");
    }
    if (!watched.adds()) {
      throw refused(
          "--every",
          every,
          "15m for " + metric + ", as the visitors of an hour are no sum of its quarters");
    }
    return Grain.HOUR;
  }

  private ParameterException refused(String option, String given, String allowed) {
    return new ParameterException(
        spec.commandLine(), "%s is \"%s\"; give %s".formatted(option, given, allowed));
  }

  private static <T> String labels(T[] values, Function<T, String> label) {
    return Arrays.stream(values).map(label).collect(Collectors.joining(", "));
  }
}
