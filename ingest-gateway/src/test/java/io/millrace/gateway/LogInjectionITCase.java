package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No value that a sender chose reaches a line of the log, at the level at which it is written. */
@ExtendWith(SharedGateway.class)
class LogInjectionITCase {
  private static final String CANARY = "canary4711";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AbstractAppender capture =
      new AbstractAppender("capture", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          StringBuilder line = new StringBuilder(event.getMessage().getFormattedMessage());
          for (Throwable t = event.getThrown(); t != null; t = t.getCause()) {
            line.append(' ').append(t);
          }
          lines.add(line.toString());
        }
      };

  @BeforeEach
  void listenToEverything() {
    capture.start();
    LoggerContext.getContext(false).getRootLogger().addAppender(capture);
    for (String logger : List.of("com.linecorp.armeria", "io.netty", "io.millrace")) {
      Configurator.setLevel(LogManager.getLogger(logger), Level.INFO);
    }
  }

  @AfterEach
  void stopListening() {
    LoggerContext.getContext(false).getRootLogger().removeAppender(capture);
    Configurator.reconfigure();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CANARY + "\\n2026-01-01 INFO forged",
        CANARY + "\\r\\nforged",
        CANARY + "\\u001b[2J\\u001b[31m",
        CANARY + "\\u2028forged",
        CANARY + "\\\",\\\"level\\\":\\\"INFO",
        "${jndi:ldap://127.0.0.1/" + CANARY + "}",
        "%d{" + CANARY + "}{}"
      })
  void writesNothingOfWhatASenderSent(String value) throws Exception {
    String refused = "{\"eventId\":\"" + value + "\",\"eventType\":\"" + value + "\"}";

    SharedGateway.post(refused.getBytes(UTF_8));
    SharedGateway.post(
        SharedGateway.event(value.length() + "-log", ",\"pageUrl\":\"" + value + "\"")
            .getBytes(UTF_8));
    SharedGateway.post((refused + value).getBytes(UTF_8));
    SharedGateway.post(refused.getBytes(UTF_8), "Content-Encoding", CANARY);
    SharedGateway.post("/v1/collect?key=" + CANARY, new byte[] {'{'}, "X-A", CANARY);
    SharedGateway.raw(
        "POST /"
            + CANARY
            + "\u001b HTTP/1.1\r\nHost: "
            + CANARY
            + "\r\nTransfer-Encoding: "
            + CANARY
            + "\r\nConnection: close\r\n\r\n");

    assertThat(lines).noneMatch(line -> line.contains(CANARY));
    LogManager.getLogger("com.linecorp.armeria").warn("that lines are seen");
    assertThat(lines).contains("that lines are seen");
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000})
  void writesNothingOfALongValue(int length) throws Exception {
    String value = CANARY.repeat(length / CANARY.length());

    SharedGateway.post(("{\"eventType\":\"" + value + "\"}").getBytes(ISO_8859_1));

    assertThat(lines).allMatch(line -> line.length() < 2000 && !line.contains(CANARY));
  }
}
