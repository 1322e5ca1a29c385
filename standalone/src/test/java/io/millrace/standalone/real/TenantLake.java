package io.millrace.standalone.real;

import io.millrace.domain.session.SessionRules;
import io.millrace.standalone.pipeline.LakeEditor;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.server.LakeCatalog;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;

/** What the lake has of one tenant, and rows to put there by hand. */
final class TenantLake {
  private final String tenant;
  private final LakeReader reader;
  private final LakeEditor editor;

  TenantLake(LakeCatalog lake, String tenant) {
    this.tenant = tenant;
    this.reader = new LakeReader(lake);
    this.editor = new LakeEditor(lake);
  }

  /** Events by session, of the sessions whose visitor's id begins so. */
  Map<String, Long> eventsBySession(String visitorPrefix) throws Exception {
    return sessions(visitorPrefix).stream()
        .collect(
            Collectors.toMap(
                row -> (String) row.getField("session_id"),
                row -> (Long) row.getField("events"),
                (one, other) -> one,
                TreeMap::new));
  }

  List<Record> sessions(String visitorPrefix) throws Exception {
    return sessions().stream()
        .filter(row -> ((String) row.getField("visitor_id")).startsWith(visitorPrefix))
        .toList();
  }

  /** In order of their ids. */
  List<Record> sessions() throws Exception {
    return reader.byTenant("sessions").getOrDefault(tenant, List.of()).stream()
        .sorted(Comparator.comparing(row -> (String) row.getField("session_id")))
        .toList();
  }

  List<Record> metrics() throws Exception {
    return reader.byTenant("metrics_15m").getOrDefault(tenant, List.of()).stream()
        .sorted(
            Comparator.comparing(
                row ->
                    row.getField("grouping")
                        + "|"
                        + row.getField("value")
                        + row.getField("bot")
                        + row.getField("window_start")))
        .toList();
  }

  /** That of the row that is now where this one was. */
  int revision(Record session) throws Exception {
    return sessions().stream()
        .filter(row -> row.getField("session_id").equals(session.getField("session_id")))
        .map(row -> (int) row.getField("revision"))
        .findFirst()
        .orElseThrow();
  }

  Record event(String visitor, String id, OffsetDateTime at, OffsetDateTime receivedAt) {
    Record row = editor.row("events");
    row.setField("tenant", tenant);
    row.setField("event_id", id);
    row.setField("event_type", "page_view");
    row.setField("visitor_id", visitor);
    row.setField("occurred_at", at);
    row.setField("created_at", at);
    row.setField("received_at", receivedAt);
    row.setField("clock_corrected", false);
    row.setField("page_path", "/");
    row.setField("channel", "direct");
    row.setField("user_agent_cut", false);
    row.setField("bot", false);
    row.setField("engagement_ms", 0L);
    row.setField("kafka_partition", 0);
    row.setField("kafka_offset", 1_000_000_000L);
    return row;
  }

  /** One that the platform wrote for a single event. */
  Record session(String visitor, OffsetDateTime at) {
    Record row = editor.row("sessions");
    row.setField("tenant", tenant);
    row.setField(
        "session_id", SessionRules.sessionId(tenant, visitor, at.toInstant().toEpochMilli()));
    row.setField("visitor_id", visitor);
    row.setField("started_at", at);
    row.setField("ended_at", at);
    row.setField("events", 1L);
    row.setField("revision", 1);
    return row;
  }
}
