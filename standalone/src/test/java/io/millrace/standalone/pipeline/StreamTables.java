package io.millrace.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.metrics.MetricRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.RowKind;

/** The lake's tables and the hot store, rows as text; {@code revision} is left out. */
final class StreamTables {
  final List<String> events = new ArrayList<>();
  int duplicates;
  final Map<String, String> sessions = new HashMap<>();
  final Map<String, String> windows = new HashMap<>();
  int restatedWindows;

  /** Minutes as the hot store has them: of several values the one with the highest version. */
  private final Map<String, MetricRow> hotMinutes = new HashMap<>();

  private final Map<String, MetricRow> hotQuarters = new HashMap<>();

  /** These tables after a commit; changes of rows must follow on each other. */
  StreamTables with(JobChain.Output output) {
    output.events().forEach(event -> events.add(id(event)));
    duplicates += output.duplicates();
    for (SessionChange change : output.sessions()) {
      String id = change.session.sessionId;
      if (change.takesBack()) {
        assertThat(sessions.remove(id)).as("row taken back").isEqualTo(line(change.session));
      } else {
        assertThat(sessions.put(id, line(change.session))).as("row in the way").isNull();
      }
    }
    for (MetricRow row : output.windows()) {
      String key = key(row.tenant, row.grouping, row.value, row.bot, row.windowStart);
      if (row.rowKind() == RowKind.UPDATE_BEFORE || row.rowKind() == RowKind.DELETE) {
        restatedWindows++;
        assertThat(windows.remove(key)).as("row taken back").isNotNull();
      } else {
        assertThat(windows.put(key, line(row.sums))).as("row in the way").isNull();
      }
    }
    show(output);
    return this;
  }

  /** What the hot store gets although nothing was committed. */
  void show(JobChain.Output output) {
    for (MetricRow row : output.hot()) {
      (row.minute ? hotMinutes : hotQuarters)
          .merge(
              key(row.tenant, row.grouping, row.value, row.bot, row.windowStart),
              row,
              (old, young) -> young.sums.changes >= old.sums.changes ? young : old);
    }
  }

  /** The hot minutes, summed to the lake's windows. */
  Map<String, String> hotWindows() {
    Map<String, Measures> sums = new HashMap<>();
    for (MetricRow row : hotMinutes.values()) {
      long window = MetricRules.windowStart(row.windowStart, MetricRules.WINDOW_MS);
      Measures of =
          sums.computeIfAbsent(
              key(row.tenant, row.grouping, row.value, row.bot, window), key -> new Measures());
      of.add(row.sums);
    }
    return lines(sums);
  }

  /** The hot quarters, which are the lake's windows. */
  Map<String, String> hotQuarters() {
    Map<String, Measures> sums = new HashMap<>();
    hotQuarters.forEach((key, row) -> sums.put(key, row.sums));
    return lines(sums);
  }

  private static Map<String, String> lines(Map<String, Measures> sums) {
    Map<String, String> lines = new HashMap<>();
    sums.forEach(
        (key, of) -> {
          if (!of.isEmpty()) { // the hot store keeps zeros until they expire
            lines.put(key, line(of));
          }
        });
    return lines;
  }

  static String id(Event event) {
    return event.tenant + '|' + event.visitorId + '|' + event.eventId;
  }

  static String key(String tenant, String grouping, String value, boolean bot, long windowStart) {
    return tenant + '|' + grouping + '|' + value + '|' + bot + '|' + windowStart;
  }

  static String line(Session session) {
    return String.format(
        "%s %s %d..%d events=%d pages=%d distinct=%d %s..%s %s %s bot=%s revenue=%d",
        session.tenant,
        session.visitorId,
        session.startedAt,
        session.endedAt,
        session.events,
        session.pageViews,
        session.distinctPages,
        session.entryPage,
        session.exitPage,
        session.channel,
        session.country,
        session.bot,
        session.revenueCents);
  }

  static String line(Measures sums) {
    return line(
        sums.events,
        sums.pageViews,
        sums.clicks,
        sums.conversions,
        sums.engagementMs,
        sums.revenueCents,
        sums.sessions,
        sums.bounces,
        sums.sessionMs,
        VisitorSketch.estimate(sums.visitors));
  }

  static String line(long... measures) {
    StringBuilder line = new StringBuilder();
    for (long measure : measures) {
      line.append(measure).append(' ');
    }
    return line.toString();
  }
}
