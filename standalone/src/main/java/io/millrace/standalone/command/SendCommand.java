package io.millrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.traffic.CollectClient;
import io.millrace.standalone.traffic.CollectClient.Rejection;
import io.millrace.standalone.traffic.CollectClient.Timing;
import io.millrace.standalone.traffic.CollectClient.Verdict;
import io.millrace.standalone.traffic.CollectException;
import io.millrace.standalone.traffic.KeySource;
import io.millrace.standalone.traffic.OutgoingEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace send}: one event from options or from standard input, and the verdict on it. */
@Command(
    name = "send",
    header = "Send one event and print the verdict.",
    description = {
      "Sends one event and prints the verdict.",
      "Without --type, the event is read as JSON from standard input."
    })
public final class SendCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  /** A person waits for the verdict, so not as long as a replay would. */
  private static final CollectClient.Options SENDING =
      new CollectClient.Options(false, Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final Supplier<URI> gateway;
  private final KeySource keys;
  private final InputStream in;
  private final Clock clock;

  @Spec private CommandSpec spec;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      defaultValue = "default",
      description = "Whose event this is (default: ${DEFAULT-VALUE}).")
  private String tenant;

  @Option(names = "--type", paramLabel = "TYPE", description = "For example page_view.")
  private String type;

  @Option(names = "--visitor", paramLabel = "ID", description = "Who did it.")
  private String visitor;

  @Option(names = "--user", paramLabel = "ID", description = "The known user, if any.")
  private String user;

  @Option(names = "--url", paramLabel = "URL", description = "The page.")
  private String url;

  @Option(names = "--referrer", paramLabel = "URL", description = "Where the visitor came from.")
  private String referrer;

  @Option(names = "--id", paramLabel = "ID", description = "Event id (default: a random one).")
  private String id;

  @Option(
      names = "--timestamp",
      paramLabel = "MS",
      description = "When it happened, epoch ms (default: now).")
  private Long timestamp;

  @Option(names = "--revenue-cents", paramLabel = "N", description = "Together with --currency.")
  private Long revenueCents;

  @Option(names = "--currency", paramLabel = "CODE", description = "For example EUR.")
  private String currency;

  @Option(
      names = "--property",
      paramLabel = "K=V",
      description = "Anything else; numbers, true and false are sent as such. Repeatable.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(names = "--historical", description = "The event keeps its own time, however old.")
  private boolean historical;

  /**
   * @param gateway base URL of the running gateway, asked for when the command runs
   * @param in where the event is read from when no options describe it
   */
  public SendCommand(Supplier<URI> gateway, KeySource keys, InputStream in, Clock clock) {
    this.gateway = gateway;
    this.keys = keys;
    this.in = in;
    this.clock = clock;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    OutgoingEvent event;
    try {
      event = OutgoingEvent.ofJson(type == null ? in.readAllBytes() : fromOptions());
    } catch (IOException e) {
      String reason =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
      err.println(
          "Cannot send the event from standard input: "
              + reason
              + "; give one JSON object, or --type and --visitor");
      return ExitCode.REFUSED_INPUT.code();
    }

    String key = historical ? keys.historicalKey(tenant) : keys.liveKey(tenant);
    Timing timing = historical ? Timing.HISTORICAL : Timing.LIVE;
    Verdict verdict;
    try {
      verdict = new CollectClient(gateway.get(), SENDING).send(key, timing, List.of(event));
    } catch (CollectException e) {
      err.println(e.getMessage());
      return e.kind() == CollectException.Kind.GATEWAY_AWAY
          ? ExitCode.NOT_RUNNING.code()
          : ExitCode.REFUSED_INPUT.code();
    }

    PrintWriter out = spec.commandLine().getOut();
    if (verdict.rejected().isEmpty()) {
      out.println("accepted " + event.eventId());
      out.flush();
      return ExitCode.OK.code();
    }
    Rejection rejection = verdict.rejected().get(0);
    out.println(
        "refused " + event.eventId() + ": " + rejection.code() + ": " + rejection.message());
    out.flush();
    return ExitCode.REFUSED_INPUT.code();
  }

  private byte[] fromOptions() throws JsonProcessingException {
    if (visitor == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--visitor is missing; it goes with --type, for example --visitor ann");
    }
    ObjectNode event = JSON.createObjectNode();
    event.put("eventId", id == null ? UUID.randomUUID().toString() : id);
    event.put("eventType", type);
    event.put("timestamp", timestamp == null ? (Long) clock.millis() : timestamp);
    event.put("visitorId", visitor);
    putIfGiven(event, "userId", user);
    putIfGiven(event, "pageUrl", url);
    putIfGiven(event, "referrer", referrer);
    if (revenueCents != null) {
      event.put("revenueCents", revenueCents);
    }
    putIfGiven(event, "currency", currency);
    if (!properties.isEmpty()) {
      ObjectNode node = event.putObject("properties");
      properties.forEach((name, value) -> node.set(name, typed(value)));
    }
    return JSON.writeValueAsBytes(event);
  }

  private static void putIfGiven(ObjectNode event, String field, String value) {
    if (value != null) {
      event.put(field, value);
    }
  }

  private static JsonNode typed(String value) {
    if (value.matches("true|false|-?(0|[1-9]\\d{0,17})(\\.\\d{1,15})?")) {
      try {
        return JSON.readTree(value);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("This form is always JSON: " + value, e);
      }
    }
    return JSON.getNodeFactory().textNode(value);
  }
}
