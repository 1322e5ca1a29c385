package io.millrace.jobs.anomalies;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.jobs.kit.MeasureRow;

/** Verdicts and measures as JSON, with the names that their tables have and times in epoch ms. */
public final class NewsJson {
  /** As the tables have them, so that what is told and what is stored are the same. */
  private static final double PARTS = 1e4;

  private NewsJson() {}

  public static void write(VerdictRow row, ObjectNode json) {
    json.put("tenant", row.tenant);
    json.put("series", row.series);
    json.put("metric", row.metric);
    json.put("grouping", row.grouping);
    json.put("value", row.value);
    json.put("window_start", row.windowStart);
    json.put("window_end", row.windowEnd);
    put(json, "actual", row.actual);
    put(json, "expected", row.expected);
    put(json, "lower", row.lower);
    put(json, "upper", row.upper);
    put(json, "score", row.score);
    json.put("severity", row.severity);
    json.put("state", row.state);
    json.put("explanation", row.explanation);
    json.put("segments", row.segments);
    json.put("fault", row.fault);
    json.put("model_version", row.modelVersion);
    json.put("history", row.history);
    json.put("revision", row.revision);
  }

  public static void write(MeasureRow row, ObjectNode json) {
    json.put("tenant", row.tenant);
    json.put("metric", row.metric);
    json.put("grouping", row.grouping);
    json.put("value", row.value);
    json.put("window_start", row.windowStart);
    json.put("window_end", row.windowEnd);
    put(json, "actual", row.actual);
    json.put("sample_size", row.sampleSize);
    json.put("revision", row.revision);
  }

  /** A number, or null for one that is none: JSON has no NaN. */
  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, Math.round(value * PARTS) / PARTS);
    } else {
      json.putNull(name);
    }
  }
}
