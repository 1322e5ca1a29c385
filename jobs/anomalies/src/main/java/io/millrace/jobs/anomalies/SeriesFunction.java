package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.ScorerModel;
import io.millrace.domain.anomaly.SegmentValues;
import io.millrace.domain.anomaly.WatchedMetric;
import io.millrace.jobs.anomalies.score.OwnPastModel;
import io.millrace.jobs.kit.MeasureRow;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Judges the series of one segment, window after window.
 *
 * <p>A window is judged when the watermark says that it is over: an open one never, and one without
 * events is a zero as soon as time has passed it. So a pipeline that is behind judges later, not
 * wrongly. What comes after that changes no verdict but takes back an alarm that it explains.
 *
 * <p>History that comes as a whole (an import, what clients had kept back) is no drop followed by a
 * correction: once it has been quiet, the segment is learned anew from the windows that are kept.
 */
final class SeriesFunction extends KeyedProcessFunction<String, SegmentWindow, VerdictRow> {
  private static final long serialVersionUID = 1L;

  /** Every verdict of the newest windows, for the live view. */
  static final OutputTag<VerdictRow> LIVE = new OutputTag<>("live", Types.POJO(VerdictRow.class));

  static final OutputTag<MeasureRow> CLOSED =
      new OutputTag<>("closed", Types.POJO(MeasureRow.class));

  static final OutputTag<ForecastRow> FORECASTS =
      new OutputTag<>("forecasts", Types.POJO(ForecastRow.class));

  /** A share of so many judged windows that changed is history, and not late data. */
  private static final int HISTORY_SHARE = 20;

  private static final int LEAST_HISTORY_WINDOWS = 8;

  /** Changes further apart, in processing time, are late data, however many they come to be. */
  private static final long BURST_MILLIS = Duration.ofMinutes(10).toMillis();

  private final AnomalyOptions options;
  private final TenantCalendar calendar;

  private transient ScorerModel model;
  private transient ValueState<WatchedSegment> segments;
  private transient MapState<Long, float[]> pieces;
  private transient MapState<String, byte[]> scorers;
  private transient MapState<String, VerdictRow> told;

  SeriesFunction(AnomalyOptions options, TenantCalendar calendar) {
    this.options = options;
    this.calendar = calendar;
  }

  @Override
  public void open(OpenContext context) {
    model = new OwnPastModel();
    // Cleared when nothing has come for options.forgotten, or the segment is watched no more.
    segments =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("segment", Types.POJO(WatchedSegment.class)));
    // Cleared with the segment; a piece also when 35 newer ones are there.
    pieces =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "windows", Types.LONG, PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO));
    // Cleared with the segment, and when it is learned anew.
    scorers =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "scorers",
                    Types.STRING,
                    PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    // Cleared with the segment; each verdict eight days after its window.
    told =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("told", Types.STRING, Types.POJO(VerdictRow.class)));
  }

  @Override
  public void processElement(SegmentWindow row, Context context, Collector<VerdictRow> out)
      throws Exception {
    WatchedSegment segment = segments.value();
    if (row.sums == null) {
      clear(segment, context);
      return;
    }
    long watermark = context.timerService().currentWatermark();
    if (segment == null) {
      segment = begin(row);
    }
    PastWindows past = new PastWindows(pieces, segment.rowMillis);
    if (watermark > 0 && row.windowStart < past.oldest(watermark)) {
      return; // older than anything that is kept
    }

    float[] values = SegmentValues.of(row.sums);
    float[] before = past.put(row.windowStart, values);
    segment.lastWindow = Math.max(segment.lastWindow, row.windowStart);
    if (row.watched != segment.watched) {
      segment.watched = row.watched;
      segment.changedAt = context.timerService().currentProcessingTime();
      scorers.clear();
      told.clear();
      if (segment.watched) {
        learnAnewSoon(segment, context); // what was kept of it meanwhile
      }
    }
    if (segment.watched) {
      compare(segment, past, row.windowStart, before, values, context, out);
    } else {
      segment.firstWindow = Math.min(segment.firstWindow, row.windowStart);
    }
    past.flush();
    arm(segment, context);
    segments.update(segment);
  }

  /** Looks at what a row changes of what was judged. */
  private void compare(
      WatchedSegment segment,
      PastWindows past,
      long windowStart,
      float[] before,
      float[] values,
      Context context,
      Collector<VerdictRow> out)
      throws Exception {
    TimerService timers = context.timerService();
    boolean over = windowStart + segment.rowMillis <= timers.currentWatermark();
    // The first lane is the finest and the soonest: what it has not judged in its time is history.
    boolean ahead = over && windowStart >= segment.judgedTo[0];
    boolean changes = windowStart < segment.firstWindow;
    segment.firstWindow = Math.min(segment.firstWindow, windowStart);
    List<Lane> lanes = Lane.of(segment.rowMillis);
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      if (windowStart < segment.judgedTo[i]
          && SegmentValues.differ(before, values, lane.ofSessions())) {
        changes = true;
        restate(segment, lane, past, windowStart, out);
      }
    }
    if (changes || ahead) {
      long now = timers.currentProcessingTime();
      if (now - segment.changedAt > BURST_MILLIS) {
        segment.changedWindows = 0;
      }
      segment.changedWindows++;
      segment.changedAt = now;
    }
    if (ahead || (changes && isHistory(segment, past, timers.currentWatermark()))) {
      learnAnewSoon(segment, context);
    }
  }

  private WatchedSegment begin(SegmentWindow row) {
    WatchedSegment segment = new WatchedSegment();
    segment.tenant = row.tenant;
    segment.grouping = row.grouping;
    segment.value = row.value;
    segment.rowMillis = row.windowMillis;
    segment.firstWindow = row.windowStart;
    segment.lastWindow = row.windowStart;
    segment.judgedTo = new long[Lane.of(row.windowMillis).size()];
    segment.judgeFrom(row.windowStart);
    segment.modelVersion = model.version();
    return segment;
  }

  private void restate(
      WatchedSegment segment,
      Lane lane,
      PastWindows past,
      long changedWindow,
      Collector<VerdictRow> out)
      throws Exception {
    long start = lane.windowStart(changedWindow);
    float[] values = past.sum(start, start + lane.grain().millis());
    ToldVerdicts verdicts = new ToldVerdicts(told, out::collect);
    for (WatchedMetric metric : lane.metrics()) {
      verdicts.restated(lane.series(segment, metric), start, metric.of(values));
    }
  }

  /** Whether so much has changed that what was learned is wrong, and it can be learned anew. */
  private static boolean isHistory(WatchedSegment segment, PastWindows past, long watermark) {
    long judged = (segment.judgedTo[0] - segment.firstWindow) / segment.rowMillis;
    long enough =
        Math.min(PastWindows.WINDOWS, Math.max(LEAST_HISTORY_WINDOWS, judged / HISTORY_SHARE));
    boolean allKept = watermark <= 0 || segment.firstWindow >= past.oldest(watermark);
    return segment.changedWindows >= enough
        && (allKept || segment.rowMillis >= Grain.QUARTER.millis());
  }

  private void learnAnewSoon(WatchedSegment segment, Context context) {
    if (segment.learnAnewAt == WatchedSegment.NONE) {
      segment.learnAnewAt = segment.changedAt + options.quiet().toMillis();
      context.timerService().registerProcessingTimeTimer(segment.learnAnewAt);
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<VerdictRow> out)
      throws Exception {
    WatchedSegment segment = segments.value();
    if (segment == null) {
      return;
    }
    PastWindows past = new PastWindows(pieces, segment.rowMillis);
    if (context.timeDomain() == TimeDomain.EVENT_TIME) {
      segment.timer = WatchedSegment.NONE;
      if (segment.watched && segment.learnAnewAt == WatchedSegment.NONE) {
        boolean known = segment.modelVersion.equals(model.version());
        judge(segment, past, known, context, out);
      }
    } else if (timestamp == segment.learnAnewAt) {
      segment.learnAnewAt = WatchedSegment.NONE;
      if (!segment.watched) {
        segment.judgeFrom(segment.firstWindow);
      } else if (segment.changedAt + options.quiet().toMillis() > timestamp) {
        learnAnewSoon(segment, context);
      } else if (context.timerService().currentWatermark() == Long.MIN_VALUE) {
        // After a restore, before the sources have said what time it is.
        segment.changedAt = timestamp;
        learnAnewSoon(segment, context);
      } else {
        judge(segment, past, false, context, out);
      }
    }
    if (isForgotten(segment, context.timerService().currentWatermark())) {
      clear(segment, context);
      return;
    }
    arm(segment, context);
    segments.update(segment);
  }

  private void judge(
      WatchedSegment segment,
      PastWindows past,
      boolean goesOn,
      Context context,
      Collector<VerdictRow> out)
      throws Exception {
    SeriesScorers used = new SeriesScorers(scorers, model);
    ToldVerdicts verdicts = new ToldVerdicts(told, out::collect);
    new SeriesJudge(
            segment,
            past,
            used,
            verdicts,
            calendar.rules(segment.tenant, context.timerService().currentProcessingTime()),
            context)
        .judge(goesOn);
    used.flush();
  }

  private boolean isForgotten(WatchedSegment segment, long watermark) {
    return segment.learnAnewAt == WatchedSegment.NONE
        && watermark != Long.MAX_VALUE
        && segment.lastWindow + options.forgotten().toMillis() < watermark;
  }

  /** Sets the event-time timer at which the next window is judged. */
  private void arm(WatchedSegment segment, Context context) {
    boolean allAreJudgedThen = segment.learnAnewAt != WatchedSegment.NONE;
    boolean looksLater = !segment.watched && segment.timer != WatchedSegment.NONE;
    if (allAreJudgedThen || looksLater) {
      return;
    }
    long next =
        segment.watched
            ? WatchedSegment.NONE
            : segment.lastWindow + options.forgotten().toMillis() + 1;
    List<Lane> lanes = segment.watched ? Lane.of(segment.rowMillis) : List.of();
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      long start = lane.windowStart(segment.judgedTo[i] + lane.grain().millis() - 1);
      next = Math.min(next, lane.judgedAt(start));
    }
    if (next != segment.timer) {
      if (segment.timer != WatchedSegment.NONE) {
        context.timerService().deleteEventTimeTimer(segment.timer);
      }
      context.timerService().registerEventTimeTimer(next);
      segment.timer = next;
    }
  }

  private void clear(WatchedSegment segment, Context context) {
    if (segment != null) {
      if (segment.timer != WatchedSegment.NONE) {
        context.timerService().deleteEventTimeTimer(segment.timer);
      }
      if (segment.learnAnewAt != WatchedSegment.NONE) {
        context.timerService().deleteProcessingTimeTimer(segment.learnAnewAt);
      }
    }
    segments.clear();
    pieces.clear();
    scorers.clear();
    told.clear();
  }
}
