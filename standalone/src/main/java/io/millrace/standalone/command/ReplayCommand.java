package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.traffic.CollectClient;
import io.millrace.standalone.traffic.CollectException;
import io.millrace.standalone.traffic.KeySource;
import io.millrace.standalone.traffic.LaneSender;
import io.millrace.standalone.traffic.LeftOut;
import io.millrace.standalone.traffic.Mangler;
import io.millrace.standalone.traffic.Progress;
import io.millrace.standalone.traffic.Replay;
import io.millrace.standalone.traffic.SendReport;
import io.millrace.standalone.traffic.TrafficFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace replay}: an access log or a file of events, sent through the gateway. */
@Command(
    name = "replay",
    header = "Send an access log or a file of events through the gateway.",
    description = {
      "Sends an access log (combined or common format) or NDJSON events, plain or gzip, through the"
          + " gateway.",
      "Event ids depend only on the file, so a file that is sent again adds nothing."
    })
public final class ReplayCommand implements Callable<Integer> {
  private final Supplier<URI> gateway;
  private final KeySource keys;
  private final Clock clock;
  private final CollectClient.Options sending;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The log or the events.")
  private Path file;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      defaultValue = "default",
      description = "Whose events these are (default: ${DEFAULT-VALUE}).")
  private String tenant;

  @Option(names = "--historical", description = "Events keep their own times (the default).")
  private boolean historical;

  @Option(
      names = "--shift-to-now",
      description =
          "Moves all times so that the last event is now; with --speed, so that the first event is"
              + " now and the gaps shrink by the speed.")
  private boolean shiftToNow;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "Plays at N times real time (default: as fast as the gateway takes it).")
  private double speed;

  @Option(
      names = "--site",
      paramLabel = "URL",
      defaultValue = "http://localhost",
      description = "What stands before the paths of an access log (default: ${DEFAULT-VALUE}).")
  private String site;

  @Option(names = "--limit", paramLabel = "N", description = "Stops after N events.")
  private long limit;

  @Option(
      names = "--mangle",
      paramLabel = "SPEC",
      description =
          "Proves that bad networks change nothing: duplicates=5%%,shuffle=60s,late=1%% sends some"
              + " events twice, out of order, or last.")
  private String mangle;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of --mangle (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--strict",
      description = "Ends with exit code 6 when a line was unreadable or an event was refused.")
  private boolean strict;

  @ParentCommand private RootCommand root;

  /**
   * @param gateway base URL of the running gateway, asked for when the command runs
   */
  public ReplayCommand(Supplier<URI> gateway, KeySource keys, Clock clock) {
    this(gateway, keys, clock, CollectClient.Options.DEFAULT);
  }

  ReplayCommand(Supplier<URI> gateway, KeySource keys, Clock clock, CollectClient.Options sending) {
    this.gateway = gateway;
    this.keys = keys;
    this.clock = clock;
    this.sending = sending;
  }

  @Override
  public Integer call() throws InterruptedException {
    Replay replay = new Replay(options(), clock);
    String key = shiftToNow ? keys.liveKey(tenant) : keys.historicalKey(tenant);
    PrintWriter err = spec.commandLine().getErr();
    Replay.Result result;
    try (LaneSender sender =
            new LaneSender(new CollectClient(gateway.get(), sending), LaneSender.DEFAULT_LANES);
        Progress progress = progress(err)) {
      result = replay.run(sender, key, progress);
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.REFUSED_INPUT.code();
    }

    PrintWriter out = spec.commandLine().getOut();
    if (asJson()) {
      out.println(json(result));
    } else {
      printTable(result, out);
    }
    out.flush();
    return exitCode(result, err);
  }

  private boolean asJson() {
    return root.output() == RootCommand.Output.JSON;
  }

  private Replay.Options options() {
    if (historical && shiftToNow) {
      throw new ParameterException(
          spec.commandLine(), "--historical and --shift-to-now exclude each other; give one");
    }
    if (speed < 0 || limit < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--speed and --limit are above 0; they are " + speed + " and " + limit);
    }
    try {
      Mangler.Options mangling =
          mangle == null ? Mangler.Options.NONE : Mangler.Options.parse(mangle);
      return new Replay.Options(file, site, shiftToNow, speed, limit, mangling, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--mangle: " + e.getMessage(), e);
    }
  }

  private Progress progress(PrintWriter err) throws IOException {
    // A missing file is reported by the reader, in its words.
    long size = Files.exists(file) ? Files.size(file) : 0;
    return asJson()
        ? Progress.none()
        : Progress.of("Replaying " + file.getFileName(), size, err, clock);
  }

  private int exitCode(Replay.Result result, PrintWriter err) {
    CollectException failure = result.sent().failure();
    if (failure != null) {
      err.println(failure.getMessage());
      return failure.kind() == CollectException.Kind.GATEWAY_AWAY
          ? ExitCode.NOT_RUNNING.code()
          : ExitCode.REFUSED_INPUT.code();
    }
    if (result.readFailure() != null) {
      err.println(result.readFailure().getMessage());
      return ExitCode.REFUSED_INPUT.code();
    }
    boolean flawed = result.read().unreadable() > 0 || !result.sent().rejected().isEmpty();
    return strict && flawed ? ExitCode.REFUSED_INPUT.code() : ExitCode.OK.code();
  }

  static void printTable(Replay.Result result, PrintWriter out) {
    TrafficFile.Counts read = result.read();
    SendReport sent = result.sent();
    row(out, "Lines read", read.lines());
    read.leftOut().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> row(out, "  left out: " + e.getKey().text(), e.getValue()));
    row(out, "  unreadable", read.unreadable());
    read.problems().forEach(problem -> out.println("    " + problem));
    if (read.emptyLines() > 0) {
      row(out, "  empty", read.emptyLines());
    }
    row(out, "  events", read.events());
    row(out, "Sent", sent.handed());
    row(out, "  of these sent twice", result.duplicatesSent());
    row(out, "  of these sent late", result.lateSent());
    row(out, "  accepted", sent.accepted());
    row(out, "  refused", sent.rejectedTotal());
    sent.rejected().forEach((code, events) -> row(out, "    " + code, events));
    sent.problems().forEach(problem -> out.println("    " + problem));
    if (sent.failure() != null) {
      row(out, "  without an answer", sent.unknown());
      row(out, "  not sent", sent.notSent());
    }
    if (sent.retries() > 0) {
      row(out, "Requests sent again", sent.retries());
    }
  }

  private static void row(PrintWriter out, String name, long count) {
    out.printf(Locale.ROOT, "%-50s %,12d%n", name, count);
  }

  private static ObjectNode json(Replay.Result result) {
    ObjectNode json = new JsonMapper().createObjectNode();
    TrafficFile.Counts read = result.read();
    json.put("lines", read.lines());
    ObjectNode leftOut = json.putObject("leftOut");
    for (LeftOut reason : LeftOut.values()) {
      leftOut.put(reason.name().toLowerCase(Locale.ROOT), read.leftOut().getOrDefault(reason, 0L));
    }
    json.put("unreadable", read.unreadable());
    read.problems().forEach(json.putArray("unreadableFirst")::add);
    json.put("empty", read.emptyLines());
    json.put("events", read.events());
    SendReport sent = result.sent();
    json.put("sent", sent.handed());
    json.put("duplicatesSent", result.duplicatesSent());
    json.put("lateSent", result.lateSent());
    json.put("accepted", sent.accepted());
    ObjectNode rejected = json.putObject("rejected");
    sent.rejected().forEach(rejected::put);
    sent.problems().forEach(json.putArray("rejectedFirst")::add);
    json.put("unknown", sent.unknown());
    json.put("notSent", sent.notSent());
    json.put("retries", sent.retries());
    return json;
  }
}
