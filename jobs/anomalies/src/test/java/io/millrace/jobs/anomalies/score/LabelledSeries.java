package io.millrace.jobs.anomalies.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.enrich.SharedData;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The labelled series beside the checkout; a test without them is skipped. */
final class LabelledSeries {
  private static final String FOLDER = "anomaly/";

  /** From and to, both within. */
  record Window(long firstMillis, long lastMillis) {
    boolean holds(long timestampMillis) {
      return timestampMillis >= firstMillis && timestampMillis <= lastMillis;
    }
  }

  private LabelledSeries() {}

  static List<String> names() throws IOException {
    return labels().properties().stream().map(Map.Entry::getKey).toList();
  }

  static List<Window> windows(String name) throws IOException {
    List<Window> windows = new ArrayList<>();
    for (JsonNode window : labels().get(name)) {
      windows.add(new Window(millis(window.get(0).asText()), millis(window.get(1).asText())));
    }
    return windows;
  }

  static List<Point> points(String name) throws IOException {
    return SharedData.lines(FOLDER + "data/" + name + ".gz").stream()
        .skip(1)
        .map(line -> line.split(","))
        .map(cells -> new Point(millis(cells[0]), Double.parseDouble(cells[1])))
        .toList();
  }

  private static JsonNode labels() throws IOException {
    return new ObjectMapper()
        .readTree(SharedData.file(FOLDER + "labels/combined_windows.json").toFile());
  }

  private static long millis(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}
