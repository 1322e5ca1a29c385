package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayStartTest {
  @Test
  void saysThatItsPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      GatewayOptions options =
          GatewayOptions.builder("127.0.0.1:1").port(taken.getLocalPort()).build();

      assertThatIllegalStateException()
          .isThrownBy(() -> start(options))
          .withMessageStartingWith(
              "Cannot start the gateway on 127.0.0.1:" + taken.getLocalPort() + ": ")
          .withMessageEndingWith("; give a free port, or 0 for any");
    }
  }

  @Test
  void saysThatTheAddressOfKafkaIsNone() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> start(GatewayOptions.builder("nonsense").build()))
        .withMessage(
            "Cannot start the gateway with Kafka at \"nonsense\": Invalid url in"
                + " bootstrap.servers: nonsense; give host:port, several separated by commas");
  }

  @Test
  void refusesOptionsThatCannotWork() {
    GatewayOptions.Builder options = GatewayOptions.builder("127.0.0.1:1");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.heartbeatAfter(Duration.ZERO).build())
        .withMessage("Cannot start the gateway: heartbeatAfter (ms) is 0; give more than 0");
  }

  @Test
  void refusesAMemoryBudgetThatNoFullRequestFitsIn() {
    GatewayOptions.Builder options = GatewayOptions.builder("127.0.0.1:1");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.maxInFlightBytes(1 << 20).build())
        .withMessage(
            "Cannot start the gateway: maxInFlightBytes is 1048576; give more than 2097151");
  }

  private static void start(GatewayOptions options) {
    IngestGateway.start(options, presented -> Optional.empty(), GeoLookup.NONE, Clock.systemUTC())
        .close();
  }
}
