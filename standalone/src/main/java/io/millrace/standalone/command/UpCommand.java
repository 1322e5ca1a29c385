package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.Platform;
import io.millrace.standalone.PlatformOptions;
import io.millrace.standalone.PlatformParts;
import io.millrace.standalone.RunningPlatform;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Starts everything and runs until it is told to stop. */
@Command(
    name = "up",
    header = "Start everything and run until Ctrl-C.",
    description =
        "Kafka, Redis, Postgres, Flink, the gateway, the pipeline and alerts in one process, on"
            + " 127.0.0.1. What was acknowledged before a stop, or a kill, is there after it.")
public final class UpCommand implements Callable<Integer> {
  /** How the log file is written; the names are the option's words. */
  enum LogFormat {
    text,
    json
  }

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  @Mixin private UpOptions options;

  @Option(
      names = "--detach",
      description = "Return when everything is ready, and go on in the background.")
  private boolean detach;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "How the log file is written: ${COMPLETION-CANDIDATES}; json is one object a line"
              + " (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.text;

  @Option(
      names = "--no-jobs",
      description =
          "Start everything but the jobs, which run on a Flink cluster: see millrace-jobs.jar.")
  private boolean noJobs;

  @Option(names = "--background", hidden = true)
  private boolean background;

  @Override
  public Integer call() throws Exception {
    DataFolder folder = root.folder();
    PlatformOptions platformOptions = options.on(folder.path());
    PrintWriter out = spec.commandLine().getOut();
    if (detach) {
      return new BackgroundStart(folder, out).run(spec.commandLine().getParseResult());
    }

    logInto(folder, logFormat);
    StopSignal.interrupts(Thread.currentThread());
    if (background) {
      StopSignal.ignoreTerminal();
    }
    return runUntilInterrupted(platformOptions, out);
  }

  /** To be called before the first logger is made: the log file lies in the data folder. */
  static void logInto(DataFolder folder, LogFormat format) throws IOException {
    folder.prepare();
    System.setProperty("millrace.logFormat", format.name());
    System.setProperty("millrace.logs", folder.logs().toString());
    System.setProperty("log4j2.configurationFile", "log4j2-platform.xml");
    System.setProperty("log.file", folder.logs().resolve("millrace.log").toString()); // for Flink
  }

  private int runUntilInterrupted(PlatformOptions platformOptions, PrintWriter out)
      throws Exception {
    long began = System.nanoTime();
    boolean asJson = root.output() == RootCommand.Output.JSON;
    try (Platform platform =
        Platform.start(
            platformOptions,
            noJobs ? Optional.empty() : PlatformParts.pipeline(platformOptions),
            PlatformParts.gateway(),
            Clock.systemUTC(),
            (part, address, took) -> {
              if (!asJson) {
                print(out, readyLine(part, address, took));
              }
            })) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      print(
          out,
          asJson
              ? new ObjectMapper().writeValueAsString(platform.running())
              : summary(platform.running(), root.folder(), took));
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // Asked to stop: by now the platform is closed.
      print(out, asJson ? "" : "Stopped. \"millrace up\" goes on from here.");
    }
    return ExitCode.OK.code();
  }

  private static synchronized void print(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }

  static String readyLine(String part, String address, Duration took) {
    return String.format(
        Locale.ROOT, "  %-9s ready in %4.1f s  %s", part, took.toMillis() / 1000.0, address);
  }

  static String summary(RunningPlatform running, DataFolder folder, Duration took)
      throws IOException {
    List<Map.Entry<String, String>> rows = new ArrayList<>();
    if (running.gateway() != null) {
      rows.add(Map.entry("Events to", running.gateway() + "/v1/collect"));
    }
    LocalKeys keys = LocalKeys.read(folder.config());
    for (String tenant : keys.tenants()) {
      rows.add(Map.entry("Write key", keys.of(tenant).live() + "  (tenant " + tenant + ")"));
    }
    rows.add(Map.entry("Flink", running.flink().toString()));
    rows.add(Map.entry("SQL gateway", running.sql().toString()));
    rows.add(Map.entry("Kafka", running.kafka()));
    rows.add(Map.entry("Redis", running.redis()));
    rows.add(Map.entry("Catalog", running.lake().jdbcUrl()));
    rows.add(Map.entry("Data", folder.path().toString()));
    if (Files.isDirectory(folder.logs())) {
      rows.add(Map.entry("Logs", folder.logs().toString()));
    }
    return String.format(
        Locale.ROOT,
        "%nMillrace is ready after %.1f s%s.%n%s%n",
        took.toMillis() / 1000.0,
        running.restoredFrom() == null ? "" : " and goes on where it was",
        CommandLines.table(rows));
  }
}
