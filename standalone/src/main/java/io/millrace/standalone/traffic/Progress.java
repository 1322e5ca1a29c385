package io.millrace.standalone.traffic;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a long run has come: a bar on a terminal, a line every few seconds elsewhere. */
public interface Progress extends AutoCloseable {
  /**
   * Says how far the run has come.
   *
   * @param done of the total given at the start
   * @param events handed to the gateway so far
   */
  void show(long done, long events);

  @Override
  void close();

  /** A bar where there is a terminal, else lines on {@code out}. */
  @SuppressWarnings("SystemConsoleNull") // Java 17, which the build requires, does return null
  static Progress of(String task, long total, PrintWriter out, Clock clock) {
    return System.console() == null ? lines(task, total, out, clock) : bar(task, total);
  }

  /** Nothing, for output that a program reads. */
  static Progress none() {
    return new Progress() {
      @Override
      public void show(long done, long events) {}

      @Override
      public void close() {}
    };
  }

  /** A line every three seconds. */
  static Progress lines(String task, long total, PrintWriter out, Clock clock) {
    return new Progress() {
      private static final long EVERY_MS = 3_000;
      private long lastAt = clock.millis();

      @Override
      public void show(long done, long events) {
        long now = clock.millis();
        if (now - lastAt >= EVERY_MS) {
          lastAt = now;
          out.printf(Locale.ROOT, "%s: %d %%, %,d events%n", task, percent(done, total), events);
          out.flush();
        }
      }

      @Override
      public void close() {}
    };
  }

  private static long percent(long done, long total) {
    return total <= 0 ? 100 : Math.min(100, 100 * done / total);
  }

  private static Progress bar(String task, long total) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(100)
            .setUnit("%", 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .build();
    return new Progress() {
      @Override
      public void show(long done, long events) {
        bar.stepTo(percent(done, total));
        bar.setExtraMessage(String.format(Locale.ROOT, "%,d events", events));
      }

      @Override
      public void close() {
        bar.close();
      }
    };
  }
}
