package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that take their time. The deadlines are short here: 2 s idle, 7 s for a request. */
@ExtendWith(SharedGateway.class)
class SlowClientITCase {
  private static final Duration DRIP = Duration.ofMillis(200);
  private static final String HEAD =
      "POST /v1/collect HTTP/1.1\r\nHost: a\r\nX-Write-Key: any\r\n"
          + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n";

  @Test
  void closesAConnectionThatSaysNothing() throws Exception {
    try (Socket silent = connect("")) {
      assertThat(SharedGateway.readAll(silent, deadline())).isEmpty();
    }
  }

  @Test
  void closesAConnectionThatFallsSilentAfterARequest() throws Exception {
    try (Socket idle = connect("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")) {
      assertThat(SharedGateway.readAll(idle, deadline())).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void closesAConnectionWhoseHeadersDrip() throws Exception {
    try (Socket slow = connect("POST /v1/collect HTTP/1.1\r\nHost: a\r\n")) {
      assertThat(dripUntilClosed(slow, "X-A: b\r\n")).isLessThan(deadline());
    }
  }

  @Test
  void closesAConnectionWhoseRequestLineDrips() throws Exception {
    try (Socket slow = connect("GET /")) {
      assertThat(dripUntilClosed(slow, "a")).isLessThan(deadline());
    }
  }

  @Test
  void endsARequestWhoseBodyDripsAndGivesItsMemoryBack() throws Exception {
    try (Socket slow = connect(HEAD)) {
      assertThat(dripUntilClosed(slow, " ")).isLessThan(deadline());
      assertThat(SharedGateway.readAll(slow, deadline())).doesNotContain(" 500 ", " 204 ");
    }
    awaitNothingInFlight();
  }

  @Test
  void endsARequestWhoseBodyNeverComes() throws Exception {
    try (Socket slow = connect(HEAD)) {
      assertThat(SharedGateway.readAll(slow, deadline())).doesNotContain(" 500 ", " 204 ");
    }
    awaitNothingInFlight();
  }

  @Test
  void servesOthersWhileManyAreSlow() throws Exception {
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      slow.add(connect(i % 2 == 0 ? "POST /v1/collect HTTP/1.1\r\nHo" : HEAD.replace("00000", "")));
    }
    String id = SharedGateway.newId();

    long start = System.nanoTime();
    int status = SharedGateway.post(SharedGateway.event(id, "").getBytes(UTF_8)).statusCode();
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(status).isEqualTo(204);
    assertThat(took).isLessThan(Duration.ofSeconds(1));
    for (Socket socket : slow) {
      assertThat(SharedGateway.readAll(socket, deadline())).doesNotContain(" 500 ", " 204 ");
      socket.close();
    }
    awaitNothingInFlight();
  }

  private static Socket connect(String start) throws IOException {
    Socket socket = new Socket("127.0.0.1", SharedGateway.port());
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write(start.getBytes(ISO_8859_1));
    return socket;
  }

  /** How long the gateway bore it; the longest it may is the deadline. */
  private static Duration dripUntilClosed(Socket socket, String drop) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < deadline().toNanos()) {
      try {
        socket.getOutputStream().write(drop.getBytes(ISO_8859_1));
      } catch (SocketException closed) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(DRIP.toMillis()); // the attack itself
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Duration deadline() {
    return SharedGateway.DELIVERY.plusSeconds(5).plus(SharedGateway.IDLE).plusSeconds(3);
  }

  private static void awaitNothingInFlight() {
    await()
        .untilAsserted(() -> assertThat(SharedGateway.metric("gateway_in_flight_bytes")).isZero());
  }
}
