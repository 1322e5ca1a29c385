package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.command.SqlCommand.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqlProgressTest {
  private final StringWriter err = new StringWriter();

  @Test
  void changesOneLineOnATerminalAndTakesItAwayBeforeTheResult() throws IOException {
    SqlProgress progress = new SqlProgress(new PrintWriter(err), Screen.TERMINAL);
    OutputStream out = progress.endingAtTheFirstByteOf(new ByteArrayOutputStream());

    progress.running(Duration.ofMillis(900), 0);
    progress.running(Duration.ofMillis(1100), 0);
    progress.running(Duration.ofMillis(1300), 0);
    progress.running(Duration.ofMillis(2100), 0);
    out.write(new byte[] {1, 2});
    progress.running(Duration.ofMillis(3100), 5);

    assertThat(err).hasToString("\rRunning for 1 s\rRunning for 2 s\r\u001b[K");
  }

  @Test
  void writesALineEveryTenSecondsElsewhere() {
    SqlProgress progress = new SqlProgress(new PrintWriter(err), Screen.NONE);

    for (int second = 1; second <= 25; second++) {
      progress.running(Duration.ofSeconds(second), 0);
    }
    progress.clear();

    assertThat(err.toString().lines()).containsExactly("Running for 10 s", "Running for 20 s");
  }
}
