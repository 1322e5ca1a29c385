package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.Platform;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.PlatformOptions;
import io.millrace.standalone.PlatformParts;
import io.millrace.standalone.RunningKeys;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.audit.Audit;
import io.millrace.standalone.audit.AuditReport;
import io.millrace.standalone.demo.Comparison;
import io.millrace.standalone.demo.Demo;
import io.millrace.standalone.demo.DemoAlerts;
import io.millrace.standalone.demo.DemoProgress;
import io.millrace.standalone.demo.HotReader;
import io.millrace.standalone.demo.LogDemo;
import io.millrace.standalone.dimensions.DimensionsPlace;
import io.millrace.standalone.traffic.DemoShop;
import io.millrace.standalone.traffic.DemoTraffic;
import io.millrace.standalone.traffic.Progress;
import io.millrace.standalone.traffic.Replay;
import io.millrace.standalone.traffic.SendReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: everything, on traffic whose right answers are known. */
@Command(
    name = "demo",
    header = "Start everything, play traffic with known answers, compare.",
    description = {
      "Plays sixteen days of three sites and two live minutes through the gateway: campaigns, bots,"
          + " retries that duplicate, phones that were offline, a sudden rush. Then compares what was found with what was"
          + " planted, and audits the lake.",
      "Works in a folder of its own, which each demo empties first: --data, else millrace-demo beside"
          + " the usual folder."
    })
public final class DemoCommand implements Callable<Integer> {
  /** Says that a folder was made by a demo, and so may be emptied by the next. */
  private static final String MARK = "demo";

  /** History is learned when it has been quiet for a while. */
  private static final Duration ALERTED_WITHIN = Duration.ofMinutes(3);

  private final Clock clock;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  @Mixin private UpOptions options;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "Play this access log, or NDJSON events, instead.")
  private Path log;

  @Option(
      names = "--site",
      paramLabel = "URL",
      defaultValue = "http://localhost",
      description = "What stands before the paths of the log (default: ${DEFAULT-VALUE}).")
  private String site;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "60000",
      description = "About so many events (default: ${DEFAULT-VALUE}).")
  private int events;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "42",
      description = "The same seed gives the same traffic (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--live",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "2min",
      description = "How long the live part takes (default: ${DEFAULT-VALUE}).")
  private Duration live;

  @Option(names = "--stay", description = "Go on running afterwards, until Ctrl-C.")
  private boolean stay;

  public DemoCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    DataFolder folder = root.demoFolder();
    emptyFolder(folder);
    PlatformOptions platformOptions = options.on(folder.path());
    if (log == null) {
      platformOptions = platformOptions.withTenants(DemoTraffic.tenants());
      Files.writeString(
          Files.createDirectories(folder.config()).resolve(DimensionsPlace.SAMPLE_ROWS),
          DemoShop.sql(clock.instant()));
    }
    UpCommand.logInto(folder, UpCommand.LogFormat.text);
    StopSignal.interrupts(Thread.currentThread());

    PrintWriter out = spec.commandLine().getOut();
    boolean asJson = root.output() == RootCommand.Output.JSON;
    PrintWriter talk = asJson ? spec.commandLine().getErr() : out;
    try (DemoAlerts alerts = DemoAlerts.start(folder.config().resolve("alerts"));
        Platform platform =
            Platform.start(
                platformOptions,
                PlatformParts.pipeline(platformOptions),
                PlatformParts.gateway(),
                clock,
                (part, address, took) -> say(talk, UpCommand.readyLine(part, address, took)))) {
      RunningKeys keys = new RunningKeys(() -> folder);
      boolean holds =
          log == null
              ? playTraffic(platform.running(), keys, alerts, out, talk, asJson)
              : playLog(platform.running(), keys, out, talk, asJson);
      if (!asJson) {
        say(out, whereNext(folder));
      }
      if (stay) {
        say(talk, "Running until Ctrl-C.");
        new CountDownLatch(1).await();
      }
      return (holds ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
    } catch (InterruptedException e) {
      say(talk, "Stopped.");
      return ExitCode.OK.code();
    }
  }

  private boolean playTraffic(
      RunningPlatform running,
      RunningKeys keys,
      DemoAlerts alerts,
      PrintWriter out,
      PrintWriter talk,
      boolean asJson)
      throws IOException, InterruptedException {
    Demo demo = new Demo(running, keys, clock);
    DemoTraffic traffic = new DemoTraffic(seed, events, clock.instant(), live);
    say(
        talk,
        String.format(
            Locale.ROOT, "%nPlaying %,d events of %s.", traffic.size(), DemoTraffic.tenants()));
    SendReport sent;
    try (HotReader hot = new HotReader(running.redis());
        DemoProgress progress = new DemoProgress(hot, clock, talk, traffic.size())) {
      sent = demo.play(traffic, progress);
    }
    if (sent.failure() != null) {
      throw new PlatformException(ExitCode.INTERNAL, sent.failure().getMessage());
    }

    say(talk, "Waiting until the last session has been quiet and is in the lake.");
    Comparison comparison = demo.compare(traffic, () -> {});
    Optional<String> alert = alerts.await(traffic.rush(), ALERTED_WITHIN);
    AuditReport audit =
        new Audit(running, clock, Map.of(), what -> say(talk, "Checking " + what + " ...")).run();
    boolean holds = comparison.holds() && alert.isPresent() && audit.holds();
    if (asJson) {
      ObjectMapper json = new ObjectMapper();
      ObjectNode result = json.createObjectNode();
      result.put("holds", holds);
      result.put("alert", alert.orElse(null));
      result.set("comparison", json.valueToTree(comparison.rows()));
      result.set("audit", json.valueToTree(audit));
      say(out, json.writeValueAsString(result));
    } else {
      print(comparison, out);
      print(demo.mostViewedProducts(), out);
      print(alert, traffic.rush(), out);
      AuditCommand.print(audit, out);
    }
    return holds;
  }

  private boolean playLog(
      RunningPlatform running, RunningKeys keys, PrintWriter out, PrintWriter talk, boolean asJson)
      throws IOException, InterruptedException {
    LogDemo demo = new LogDemo(running, clock);
    Replay.Result replayed;
    long size = Files.exists(log) ? Files.size(log) : 0;
    try (Progress progress = Progress.of("Replaying " + log.getFileName(), size, talk, clock)) {
      replayed = demo.replay(log, site, keys.historicalKey(LocalKeys.DEFAULT_TENANT), progress);
    } catch (IOException e) {
      throw new PlatformException(ExitCode.REFUSED_INPUT, e.getMessage());
    }
    if (replayed.sent().failure() != null) {
      throw new PlatformException(ExitCode.INTERNAL, replayed.sent().failure().getMessage());
    }
    if (!asJson) {
      ReplayCommand.printTable(replayed, out);
    }

    say(talk, "Waiting until the last session has been quiet and is in the lake.");
    long accepted = replayed.sent().accepted();
    Map<String, Long> stored = demo.awaitStored(accepted);
    AuditReport audit =
        new Audit(running, clock, Map.of(), what -> say(talk, "Checking " + what + " ...")).run();
    boolean holds = LogDemo.isAll(stored, accepted) && audit.holds();
    if (asJson) {
      ObjectMapper json = new ObjectMapper();
      ObjectNode result = json.createObjectNode();
      result.put("holds", holds);
      result.put("accepted", accepted);
      result.set("stored", json.valueToTree(stored));
      result.set("audit", json.valueToTree(audit));
      say(out, json.writeValueAsString(result));
    } else {
      out.println();
      stored.forEach(
          (name, count) ->
              out.printf(Locale.ROOT, "%-50s %,12d%n", "Lake: " + name.replace('_', ' '), count));
      AuditCommand.print(audit, out);
    }
    return holds;
  }

  static void print(Comparison comparison, PrintWriter out) {
    out.printf("%n%-13s %-32s %12s %12s%n", "tenant", "", "planted", "found");
    String tenant = "";
    for (Comparison.Row row : comparison.rows()) {
      out.printf(
          Locale.ROOT,
          "%-13s %-32s %,12d %,12d  %s%n",
          row.tenant().equals(tenant) ? "" : row.tenant(),
          row.what(),
          row.planted(),
          row.found(),
          row.same() ? "ok" : "WRONG");
      tenant = row.tenant();
    }
    long same = comparison.rows().stream().filter(Comparison.Row::same).count();
    out.printf(
        Locale.ROOT, "%,d of %,d planted numbers found.%n%n", same, comparison.rows().size());
    out.flush();
  }

  private static void print(List<Demo.Product> products, PrintWriter out) {
    out.printf("%-32s %-16s %12s%n", "most viewed product", "made by", "views");
    for (Demo.Product product : products) {
      out.printf(
          Locale.ROOT, "%-32s %-16s %,12d%n", product.title(), product.maker(), product.views());
    }
    out.println();
    out.flush();
  }

  private static void print(Optional<String> alert, Instant rush, PrintWriter out) {
    out.printf("A rush to one page of %s was planted at %s.%n", DemoTraffic.SHOP, rush);
    out.println(
        alert.map(text -> "Alerted:\n" + text).orElse("WRONG: nobody was alerted of it.") + '\n');
    out.flush();
  }

  private void emptyFolder(DataFolder folder) throws IOException {
    Path path = folder.path();
    if (!Files.isDirectory(path) || FileUtils.isEmptyDirectory(path.toFile())) {
      Files.createDirectories(path);
    } else if (!Files.exists(path.resolve(MARK))) {
      throw new PlatformException(
          ExitCode.USAGE,
          "Cannot run the demo in "
              + path
              + ": it holds data that no demo made; give another folder with --data");
    } else if (folder.holder().isPresent()) {
      throw new PlatformException(
          ExitCode.ALREADY_RUNNING,
          "Cannot run the demo in "
              + path
              + ": process "
              + folder.holder().get()
              + " runs on it; stop that first, or give another folder with --data");
    } else {
      FileUtils.cleanDirectory(path.toFile());
    }
    Files.createFile(path.resolve(MARK));
  }

  private String whereNext(DataFolder folder) {
    String data = " --data " + folder.path();
    return String.join(
        System.lineSeparator(),
        "Where to look next:",
        "  ./millrace up --detach" + data + "      start it again on the demo's data",
        "  ./millrace sql --list                    questions that ship with Millrace",
        "  ./millrace sql --query channels -p tenant="
            + (log == null ? "demo-shop" : "default")
            + data,
        "  ./millrace sql -e \"SELECT * FROM sessions LIMIT 5\"" + data,
        "  ./millrace sql --query anomalies -p tenant=demo-shop" + data,
        "  ./millrace anomaly backtest --metric page_views --tenant demo-shop --plot rush.svg"
            + data,
        "  ./millrace audit" + data,
        "  ./millrace stop" + data);
  }

  private static synchronized void say(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}
