package io.millrace.jobs.anomalies;

import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.anomaly.Forecast;
import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.Surprise;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.anomaly.WatchedMetric;
import io.millrace.jobs.kit.MeasureRow;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/** Judges those windows of a segment that are over, in their order, each series on its own. */
final class SeriesJudge {
  private static final Duration FORECAST_AHEAD = Duration.ofDays(7);
  private static final long TOLD_MILLIS = Duration.ofDays(ToldVerdicts.KEPT_DAYS).toMillis();
  private static final long SETTLED_MILLIS = Duration.ofHours(2).toMillis();

  private final WatchedSegment segment;
  private final PastWindows past;
  private final SeriesScorers scorers;
  private final ToldVerdicts verdicts;
  private final AlertRules rules;
  private final KeyedProcessFunction<?, ?, ?>.Context context;
  private final long watermark;

  /**
   * A window that is judged.
   *
   * @param values what {@link WatchedMetric} reads
   * @param behindMillis as in {@link VerdictRow}
   * @param news whether it is young enough to speak of
   * @param last whether no other follows now
   */
  private record Window(
      Lane lane,
      long start,
      long end,
      float[] values,
      long behindMillis,
      boolean news,
      boolean last) {}

  SeriesJudge(
      WatchedSegment segment,
      PastWindows past,
      SeriesScorers scorers,
      ToldVerdicts verdicts,
      AlertRules rules,
      KeyedProcessFunction<?, ?, ?>.Context context) {
    this.segment = segment;
    this.past = past;
    this.scorers = scorers;
    this.verdicts = verdicts;
    this.rules = rules;
    this.context = context;
    long now = context.timerService().currentWatermark();
    // At the end of all input time is over, but not for what has happened up to then.
    this.watermark = now == Long.MAX_VALUE ? segment.lastWindow + SETTLED_MILLIS : now;
  }

  /**
   * Judges all that is over by the watermark.
   *
   * @param goesOn whether it goes on where it was, else everything that is kept is learned anew
   */
  void judge(boolean goesOn) throws Exception {
    long newest = Math.max(watermark, segment.lastWindow); // there may be no watermark yet
    long oldest = Math.max(segment.firstWindow, past.oldest(newest));
    long oldestBefore = past.oldest(segment.judgedTo[0]);
    if (!goesOn) {
      scorers.clear();
      segment.judgeFrom(oldest);
      segment.modelVersion = scorers.version();
    }
    for (int i = 0; i < segment.judgedTo.length; i++) {
      long start = Math.max(segment.judgedTo[i], oldest);
      segment.judgedTo[i] = judge(Lane.of(segment.rowMillis).get(i), start, goesOn);
    }
    if (oldestBefore != past.oldest(segment.judgedTo[0])) {
      past.forgetBefore(past.oldest(newest));
      verdicts.forgetBefore(newest - TOLD_MILLIS);
    }
  }

  /** Returns where to go on. */
  private long judge(Lane lane, long from, boolean goesOn) throws Exception {
    long now = context.timerService().currentProcessingTime();
    long width = lane.grain().millis();
    long start = lane.windowStart(from + width - 1);
    while (lane.judgedAt(start) <= watermark) {
      long end = start + width;
      Window window =
          new Window(
              lane,
              start,
              end,
              past.sum(start, end),
              goesOn ? Math.max(0, now - lane.judgedAt(start)) : VerdictRow.NOT_LIVE,
              end > watermark - TOLD_MILLIS,
              lane.judgedAt(end) > watermark);
      for (WatchedMetric metric : lane.metrics()) {
        judge(metric, window);
      }
      start = end;
    }
    return start;
  }

  private void judge(WatchedMetric metric, Window window) throws Exception {
    double actual = metric.of(window.values());
    if (!segment.begins(metric, actual)) {
      return;
    }
    Lane lane = window.lane();
    Series series =
        new Series(
            lane.series(segment, metric),
            metric.label(),
            metric.type(),
            lane.grain().width(),
            rules.zone(),
            Set.of());
    SeriesScorer scorer = scorers.of(series);
    boolean learns = rules.learns(metric.label(), window.start(), window.end());
    Verdict verdict = scorer.score(new Point(window.start(), learns ? actual : Double.NaN));
    if (!window.news()) {
      return;
    }

    VerdictRow row = row(series, window, verdict, actual);
    verdicts.tell(row);
    if (window.last()) {
      context.output(SeriesFunction.LIVE, row(series, window, verdict, actual));
    }
    if (!Double.isNaN(actual)) {
      context.output(SeriesFunction.CLOSED, measure(metric, window, actual));
    }
    if (lane.grain() == Grain.HOUR
        && window.end() % Surprise.DAY_MILLIS == 0
        && window.end() > watermark - Surprise.DAY_MILLIS) {
      for (Forecast forecast : scorer.forecast(FORECAST_AHEAD)) {
        context.output(SeriesFunction.FORECASTS, forecast(series, window.end(), forecast));
      }
    }
  }

  private VerdictRow row(Series series, Window window, Verdict verdict, double actual) {
    VerdictRow row = new VerdictRow();
    row.tenant = segment.tenant;
    row.series = series.name();
    row.metric = series.metric();
    row.grouping = segment.grouping;
    row.value = segment.value;
    row.windowStart = window.start();
    row.windowEnd = window.end();
    row.actual = actual;
    row.expected = verdict.expected();
    row.lower = verdict.lower();
    row.upper = verdict.upper();
    row.score = verdict.score();
    row.state = verdict.state().name().toLowerCase(Locale.ROOT);
    row.explanation = "";
    row.modelVersion = verdict.modelVersion();
    row.history = (window.start() - segment.firstWindow) / window.lane().grain().millis();
    row.behindMillis = window.behindMillis();
    return row;
  }

  private MeasureRow measure(WatchedMetric metric, Window window, double actual) {
    MeasureRow row = new MeasureRow();
    row.tenant = segment.tenant;
    row.metric = metric.label();
    row.grouping = segment.grouping;
    row.value = segment.value;
    row.windowStart = window.start();
    row.windowEnd = window.end();
    row.actual = actual;
    row.sampleSize = metric.sampleSize(window.values());
    row.revision = 1;
    return row;
  }

  private ForecastRow forecast(Series series, long madeAt, Forecast forecast) {
    ForecastRow row = new ForecastRow();
    row.tenant = segment.tenant;
    row.series = series.name();
    row.metric = series.metric();
    row.grouping = segment.grouping;
    row.value = segment.value;
    row.windowStart = forecast.startMillis();
    row.windowEnd = forecast.endMillis();
    row.madeAt = madeAt;
    row.expected = forecast.expected();
    row.lower = forecast.lower();
    row.upper = forecast.upper();
    row.modelVersion = segment.modelVersion;
    return row;
  }
}
