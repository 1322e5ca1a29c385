package io.millrace.standalone.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.WatchedMetric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant OUTAGE = START.plus(Duration.ofDays(17).plusHours(13));

  @TempDir Path folder;

  @Test
  void tellsWhatWouldHaveBeenAnAlarmAndHowLongItLasted() {
    Backtest.Report report = backtest().report();

    assertThat(report.windows()).isEqualTo(4 * 24);
    assertThat(report.learning()).isZero();
    assertThat(report.model()).isEqualTo("own-past-1");
    assertThat(report.events()).hasSize(1);
    Backtest.Event event = report.events().get(0);
    assertThat(event.start()).isEqualTo(OUTAGE);
    assertThat(event.end()).isAfterOrEqualTo(OUTAGE.plus(Duration.ofHours(3)));
    assertThat(event.actual()).isZero();
    assertThat(event.lower()).isGreaterThan(100);
  }

  @Test
  void drawsThePictureThatTheEndingAsksFor() throws Exception {
    Backtest backtest = backtest();
    Path png = folder.resolve("series.png");
    Path svg = folder.resolve("series.SVG");

    for (Path file : List.of(png, svg)) {
      BacktestPlot.write("acme: page_views", backtest.verdicts(), ZoneOffset.UTC, file);
    }

    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1400);
    assertThat(Files.readString(svg)).contains("<svg", "fill:rgb(200,20,20)");
    assertThat(BacktestPlot.canWrite(folder.resolve("series.pdf"))).isFalse();
  }

  private static Backtest backtest() {
    List<Point> points = new ArrayList<>();
    Random random = new Random(5);
    for (int hour = 0; hour < 20 * 24; hour++) {
      Instant at = START.plus(Duration.ofHours(hour));
      double mean = 300 - 150 * Math.cos(2 * Math.PI * (hour % 24) / 24);
      boolean out = !at.isBefore(OUTAGE) && at.isBefore(OUTAGE.plus(Duration.ofHours(3)));
      double value = out ? 0 : Math.round(mean + random.nextGaussian() * Math.sqrt(mean));
      points.add(new Point(at.toEpochMilli(), value));
    }
    long from = START.plus(Duration.ofDays(16)).toEpochMilli();
    return new Backtest(
        "page_views|all|all|1h",
        WatchedMetric.PAGE_VIEWS,
        Grain.HOUR,
        ZoneOffset.UTC,
        points,
        from);
  }
}
