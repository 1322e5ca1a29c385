package io.millrace.standalone.command;

import io.millrace.sql.Progress;
import io.millrace.standalone.command.SqlCommand.Screen;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows that a statement still runs: a changing line on a terminal, a line now and then elsewhere.
 */
final class SqlProgress implements Progress {
  private static final long FIRST_SECOND_SHOWN = 1;
  private static final long SECONDS_BETWEEN_LINES = 10;

  private final PrintWriter err;
  private final Screen screen;
  private long shownSecond;
  private boolean lineIsShown;

  SqlProgress(PrintWriter err, Screen screen) {
    this.err = err;
    this.screen = screen;
  }

  @Override
  public void running(Duration elapsed, long rows) {
    long second = elapsed.toSeconds();
    if (second < shownSecond) {
      shownSecond = 0; // the next statement of the script
    }
    if (rows > 0) {
      return; // the rows themselves show that it runs
    }
    if (screen == Screen.TERMINAL) {
      if (second >= FIRST_SECOND_SHOWN && second != shownSecond) {
        err.print("\rRunning for " + second + " s");
        err.flush();
        lineIsShown = true;
        shownSecond = second;
      }
    } else if (second - shownSecond >= SECONDS_BETWEEN_LINES) {
      err.println("Running for " + second + " s");
      err.flush();
      shownSecond = second;
    }
  }

  /** Takes the changing line away. */
  void clear() {
    if (lineIsShown) {
      err.print("\r\u001b[K");
      err.flush();
      lineIsShown = false;
    }
  }

  /** The result may go to the same terminal, where it must not follow the changing line. */
  OutputStream endingAtTheFirstByteOf(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        clear();
        out.write(bytes, from, count);
      }

      @Override
      public void write(int b) throws IOException {
        clear();
        out.write(b);
      }
    };
  }
}
