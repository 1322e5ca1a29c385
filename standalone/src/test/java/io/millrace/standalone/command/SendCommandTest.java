package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.standalone.traffic.FakeGateway;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FakeGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = new FakeGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void sendsAnEventMadeOfOptions() throws Exception {
    String options =
        "--type purchase --visitor ann --url https://a.example/p --id e1 --revenue-cents 1999"
            + " --currency EUR --property quantity=2 --property gift=true --property code=007";

    int exitCode = run("", options.split(" "));

    assertThat(exitCode).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines("accepted e1");
    assertThat(gateway.batches().get(0).authorization()).isEqualTo("Bearer default-live");
    assertThat(gateway.taken().get(0))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"eventId":"e1","eventType":"purchase","timestamp":5000,"visitorId":"ann",
                     "pageUrl":"https://a.example/p","revenueCents":1999,"currency":"EUR",
                     "properties":{"quantity":2,"gift":true,"code":"007"}}
                    """));
  }

  @Test
  void sendsTheEventOfStandardInputAsItIs() {
    int exitCode = run("{\"eventId\":\"e2\",\"x\":1}\n", "--tenant", "shop", "--historical");

    assertThat(exitCode).isZero();
    assertThat(gateway.batches().get(0).authorization()).isEqualTo("Bearer shop-historical");
    assertThat(gateway.taken().get(0).toString()).isEqualTo("{\"eventId\":\"e2\",\"x\":1}");
  }

  @Test
  void saysWhyAnEventIsRefused() {
    int exitCode = run("", "--type", "bad", "--visitor", "ann", "--id", "e3");

    assertThat(exitCode).isEqualTo(6);
    assertThat(out.toString()).isEqualToIgnoringNewLines("refused e3: invalid_event_type: is bad");
  }

  @Test
  void saysWhatIsWrongWithItsInput() {
    assertThat(run("[1]")).isEqualTo(6);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "Cannot send the event from standard input: not a JSON object;"
                + " give one JSON object, or --type and --visitor");

    assertThat(run("", "--type", "click")).isEqualTo(2);
    assertThat(err.toString()).contains("--visitor is missing; it goes with --type");
  }

  private int run(String input, String... arguments) {
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    Clock clock = Clock.fixed(Instant.ofEpochSecond(5), ZoneOffset.UTC);
    return CommandLinesTest.with(
            "send", new SendCommand(gateway::url, ReplayCommandTest.KEYS, in, clock))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(CommandLinesTest.after("send", arguments));
  }
}
