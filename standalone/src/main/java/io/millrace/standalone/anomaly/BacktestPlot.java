package io.millrace.standalone.anomaly;

import io.millrace.domain.anomaly.Verdict;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of a series, what was expected of it, and where it was an alarm. */
public final class BacktestPlot {
  private static final int WIDTH_PIXELS = 1400;
  private static final int HEIGHT_PIXELS = 500;
  private static final Color BAND = new Color(120, 150, 200);
  private static final Color ACTUAL = new Color(30, 30, 30);
  private static final Color ALARM = new Color(200, 20, 20);

  private BacktestPlot() {}

  /** Whether a picture can be written under this name. */
  public static boolean canWrite(Path file) {
    return ending(file).equals("png") || ending(file).equals("svg");
  }

  /**
   * Writes the picture; its ending says as what.
   *
   * @param verdicts at least one
   */
  public static void write(String title, List<Verdict> verdicts, ZoneId zone, Path file)
      throws IOException {
    XYChart chart =
        new XYChartBuilder().title(title).width(WIDTH_PIXELS).height(HEIGHT_PIXELS).build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setTimezone(TimeZone.getTimeZone(zone));
    chart.getStyler().setYAxisDecimalPattern("#,##0.##");
    line(chart, "usual, from", verdicts, Verdict::lower, BAND);
    line(chart, "usual, to", verdicts, Verdict::upper, BAND);
    line(chart, "actual", verdicts, Verdict::actual, ACTUAL);
    List<Verdict> alarms = verdicts.stream().filter(Verdict::alarm).toList();
    if (!alarms.isEmpty()) {
      XYSeries marks = line(chart, "alarm", alarms, Verdict::actual, ALARM);
      marks.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      marks.setMarker(SeriesMarkers.CIRCLE);
    }
    if (ending(file).equals("svg")) {
      VectorGraphicsEncoder.saveVectorGraphic(
          chart, file.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    } else {
      BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
  }

  private static XYSeries line(
      XYChart chart,
      String name,
      List<Verdict> verdicts,
      ToDoubleFunction<Verdict> value,
      Color color) {
    List<Date> times = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      times.add(new Date(verdict.timestampMillis()));
      values.add(value.applyAsDouble(verdict)); // NaN is a gap
    }
    XYSeries series = chart.addSeries(name, times, values);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setMarkerColor(color);
    return series;
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
