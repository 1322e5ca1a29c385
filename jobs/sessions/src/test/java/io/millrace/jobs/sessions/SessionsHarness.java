package io.millrace.jobs.sessions;

import static io.millrace.domain.event.TestEvents.START;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The sessionizer alone, with a clock and a watermark that the test moves. */
final class SessionsHarness implements AutoCloseable {
  private final KeyedOneInputStreamOperatorTestHarness<String, Event, Event> harness;
  private long now;
  private long nextCheckpoint = 1;

  SessionsHarness(SessionOptions options, long now) throws Exception {
    this(options, now, null);
  }

  SessionsHarness(SessionOptions options, long now, OperatorSubtaskState restored)
      throws Exception {
    this.now = now;
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SessionizeOperator(options, Duration.ofDays(20_000).toMillis()),
            event -> VisitorKey.of(event.tenant, event.visitorId),
            Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(Event.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.setProcessingTime(now);
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  void process(Event... events) throws Exception {
    for (Event event : events) {
      harness.processElement(event, event.occurredAt);
    }
  }

  void watermark(long at) throws Exception {
    harness.processWatermark(at);
  }

  void advanceProcessingTime(Duration by) throws Exception {
    now += by.toMillis();
    harness.setProcessingTime(now);
  }

  OperatorSubtaskState checkpoint() throws Exception {
    harness.prepareSnapshotPreBarrier(nextCheckpoint);
    return harness.snapshot(nextCheckpoint++, now);
  }

  List<Event> events() {
    return harness.extractOutputValues();
  }

  List<Duplicate> duplicates() {
    return side(SessionizeOperator.DUPLICATES);
  }

  List<Session> rows() {
    return side(SessionizeOperator.CHANGES).stream().map(change -> change.session).toList();
  }

  List<SessionChange> sessionChanges() {
    return side(SessionizeOperator.CHANGES);
  }

  List<LiveSession> liveSessions() {
    return side(SessionizeOperator.LIVE);
  }

  /** One line per change, with minutes since the start of the timeline. */
  List<String> changes() {
    return side(SessionizeOperator.CHANGES).stream()
        .map(
            change -> {
              Session session = change.session;
              return String.format(
                  "%s %s %d..%d events=%d pages=%d r%d",
                  change.rowKind().shortString(),
                  session.visitorId,
                  minute(session.startedAt),
                  minute(session.endedAt),
                  session.events,
                  session.pageViews,
                  session.revision);
            })
        .toList();
  }

  List<String> live() {
    return side(SessionizeOperator.LIVE).stream()
        .map(
            live ->
                live.session.visitorId
                    + ' '
                    + minute(live.session.startedAt)
                    + (live.withdrawn
                        ? " withdrawn"
                        : (live.closed ? " closed v" : " open v") + live.version))
        .toList();
  }

  int stateEntries() throws Exception {
    harness.prepareSnapshotPreBarrier(nextCheckpoint++); // the cache is no state yet
    return harness.numKeyedStateEntries();
  }

  int timers() {
    return harness.numEventTimeTimers() + harness.numProcessingTimeTimers();
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }

  private <T> List<T> side(OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = harness.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private static long minute(long at) {
    return Duration.ofMillis(at - START).toMinutes();
  }
}
