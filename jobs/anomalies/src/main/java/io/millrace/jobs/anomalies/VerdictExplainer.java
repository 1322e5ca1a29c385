package io.millrace.jobs.anomalies;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.domain.alert.Severity;
import io.millrace.domain.anomaly.ChangeExplainer.Change;
import io.millrace.domain.anomaly.ChangeExplainer.Findings;
import io.millrace.domain.anomaly.ChangeExplainer.Time;
import io.millrace.domain.anomaly.Explanation;
import io.millrace.domain.anomaly.Explanation.Cause;
import io.millrace.domain.anomaly.ExplanationText;
import io.millrace.domain.anomaly.SeverityRules;
import io.millrace.domain.anomaly.TrackingFaultRules;
import io.millrace.domain.anomaly.TrackingFaultRules.Finding;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;
import java.util.Locale;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.types.RowKind;

/** Fills what an anomalous verdict says for people: severity, explanation, segments and fault. */
final class VerdictExplainer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double HUNDREDTHS = 100;

  private VerdictExplainer() {}

  /**
   * Only the verdict that begins an event is looked into; those that follow have a severity, which
   * is never less than the event had, so that an alert on it does not flicker.
   *
   * @param event that lasts; null where none does
   */
  static void explain(VerdictRow row, OpenEvent event, TenantSegments all, TimerService timers)
      throws Exception {
    Grouping grouping = grouping(row);
    String text =
        ExplanationText.change(
            row.metric, grouping, row.value, row.actual, row.expected, row.lower, row.upper);
    Change change = new Change(row.metric, grouping, row.value, row.actual, row.expected);
    if (row.score < Verdict.THRESHOLD) {
      row.severity = severity(row, Findings.NONE.things(change), event).label();
      if (row.explanation == null || row.explanation.isEmpty()) {
        row.explanation = text;
      }
      return;
    }

    Findings findings = all.explainer().explain(change, time(row, timers.currentWatermark()));
    Explanation explanation = findings.explanation();
    Finding finding =
        TrackingFaultRules.find(explanation, findings.totals(), behindMillis(row)).orElse(null);
    row.severity = severity(row, findings.things(change), null).label();
    row.explanation = ExplanationText.of(text, explanation, finding);
    row.segments = explanation.causes().isEmpty() ? null : json(explanation);
    row.fault = finding == null ? null : finding.fault().label();
  }

  private static Grouping grouping(VerdictRow row) {
    for (Grouping grouping : Grouping.values()) {
      if (grouping.label().equals(row.grouping)) {
        return grouping;
      }
    }
    throw new IllegalArgumentException(
        "The verdict on " + row.series + " is of the grouping " + row.grouping + ", which is none");
  }

  private static Severity severity(VerdictRow row, double things, OpenEvent event) {
    Severity own = SeverityRules.of(row.metric, row.score, row.actual, row.expected, things);
    if (event == null) {
      return own;
    }
    Severity before = Severity.valueOf(event.severity.toUpperCase(Locale.ROOT));
    return own.compareTo(before) >= 0 ? own : before;
  }

  /**
   * The windows that explain the verdict's: an hour is its four quarters, and a minute is explained
   * by its quarter as far as it is known, since segments are not remembered by the minute.
   */
  private static Time time(VerdictRow row, long watermark) {
    long millis = row.windowEnd - row.windowStart;
    if (millis >= MetricRules.WINDOW_MS) {
      return new Time(row.windowStart, row.windowEnd, 1);
    }
    long from = MetricRules.windowStart(row.windowStart, MetricRules.WINDOW_MS);
    long to = from + MetricRules.WINDOW_MS;
    long known = Math.min(to, Math.max(row.windowEnd, MetricRules.windowStart(watermark, millis)));
    return new Time(from, to, (double) millis / (known - from));
  }

  /** Late data says that itself was late, and nothing about the pipeline. */
  private static long behindMillis(VerdictRow row) {
    return row.rowKind() == RowKind.INSERT && row.behindMillis != VerdictRow.NOT_LIVE
        ? row.behindMillis
        : 0;
  }

  private static String json(Explanation explanation) throws Exception {
    ArrayNode causes = JSON.createArrayNode();
    for (Cause cause : explanation.causes()) {
      causes
          .addObject()
          .put("grouping", cause.segment().grouping().label())
          .put("value", cause.segment().value())
          .put("share", rounded(cause.share()))
          .put("actual", rounded(cause.segment().actual()))
          .put("expected", rounded(cause.segment().expected()));
    }
    return JSON.writeValueAsString(causes);
  }

  private static double rounded(double value) {
    return Math.round(value * HUNDREDTHS) / HUNDREDTHS;
  }
}
