package io.millrace.standalone.demo;

import io.millrace.standalone.traffic.DemoTraffic;
import io.millrace.standalone.traffic.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far the demo has come, and what the hot store says meanwhile: a bar on a terminal, lines
 * elsewhere.
 */
public final class DemoProgress implements Progress {
  private static final long LINE_EVERY_MS = 5_000;
  private static final long BAR_EVERY_MS = 1_000;

  private final HotReader hot;
  private final Clock clock;
  private final PrintWriter out;
  private final long total;
  private final ProgressBar bar;
  private long shownAt;

  /**
   * @param total events to send
   */
  @SuppressWarnings("SystemConsoleNull") // Java 17, which the build requires, does return null
  public DemoProgress(HotReader hot, Clock clock, PrintWriter out, long total) {
    this.hot = hot;
    this.clock = clock;
    this.out = out;
    this.total = total;
    this.bar =
        System.console() == null
            ? null
            : new ProgressBarBuilder()
                .setTaskName("Events")
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    this.shownAt = clock.millis();
  }

  @Override
  public void show(long done, long events) {
    long now = clock.millis();
    boolean due = now - shownAt >= (bar == null ? LINE_EVERY_MS : BAR_EVERY_MS);
    if (bar != null) {
      bar.stepTo(done);
    }
    if (!due) {
      return;
    }
    shownAt = now;
    if (bar != null) {
      bar.setExtraMessage(live(now));
    } else {
      out.printf(
          Locale.ROOT,
          "  %,7d of %,d events sent (%d %%); live: %s%n",
          done,
          total,
          done * 100 / total,
          live(now));
      out.flush();
    }
  }

  private String live(long now) {
    try {
      long sessions = 0;
      long events = 0;
      long pageViews = 0;
      for (String tenant : DemoTraffic.tenants()) {
        sessions += hot.openSessions(tenant, now - 30 * 60_000).size();
        events += hot.minute(tenant, now, "events");
        pageViews += hot.minute(tenant, now, "page_views");
      }
      return String.format(
          Locale.ROOT,
          "%,d sessions open, this minute %,d events, %,d page views",
          sessions,
          events,
          pageViews);
    } catch (IOException e) {
      throw new UncheckedIOException("The hot store holds what is no JSON", e);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
