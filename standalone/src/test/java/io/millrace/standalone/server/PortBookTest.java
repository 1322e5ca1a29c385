package io.millrace.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortBookTest {
  @TempDir Path folder;

  @Test
  void aServerFindsItsPortAgainAndTwoServersNeverGetTheSame() {
    int kafka = book().portFor("kafka", 0);

    PortBook next = book();

    assertThat(next.portFor("kafka", 0)).isEqualTo(kafka).isBetween(20_000, 32_000);
    assertThat(next.portFor("redis", 0)).isNotEqualTo(kafka);
  }

  @Test
  void aRememberedPortThatIsTakenIsReplaced() throws Exception {
    int before = book().portFor("kafka", 0);

    try (ServerSocket other = new ServerSocket(before, 1, InetAddress.getLoopbackAddress())) {
      assertThat(book().portFor("kafka", 0)).isNotEqualTo(other.getLocalPort());
    }
  }

  @Test
  void whoLooksAtAPortDoesNotTakeItFromAnother() throws Exception {
    int port = book().portFor("kafka", 0);
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                assertThat(PortBook.isFree(port)).isTrue();
              }
            });

    for (int i = 0; i < 5_000; i++) {
      assertThat(PortBook.isFree(port)).isTrue();
    }

    done.set(true);
    other.get();
  }

  @Test
  void aGivenPortThatIsTakenIsRefusedInWords() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int taken = other.getLocalPort();

      assertThatThrownBy(() -> book().portFor("kafka", taken))
          .isInstanceOfSatisfying(
              PlatformException.class,
              refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.ENVIRONMENT))
          .hasMessage(
              "Cannot start kafka: port "
                  + taken
                  + " on 127.0.0.1 is in use by another program; end that program, or give another"
                  + " port with --kafka-port (0 takes any free one)");
    }
  }

  @Test
  void aTakenPortCanBeRefusedBeforeAnythingStarts() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      book().requireFree("kafka", 0);

      assertThatThrownBy(() -> book().requireFree("kafka", other.getLocalPort()))
          .isInstanceOf(PlatformException.class)
          .hasMessageStartingWith("Cannot start kafka: port " + other.getLocalPort());
    }
  }

  @Test
  void aNumberThatIsNoPortIsRefusedInWords() {
    assertThatThrownBy(() -> book().portFor("kafka", 65_536))
        .hasMessage(
            "Cannot start kafka: port 65536 is no port; give 1 to 65535, or 0 for any free one");
  }

  private PortBook book() {
    return new PortBook(folder.resolve("ports.properties"));
  }
}
