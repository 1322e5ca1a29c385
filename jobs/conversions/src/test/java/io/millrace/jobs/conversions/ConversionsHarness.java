package io.millrace.jobs.conversions;

import static io.millrace.domain.event.TestEvents.START;

import io.millrace.domain.attribution.Credit;
import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The operator alone, with a clock that the test moves. */
final class ConversionsHarness implements AutoCloseable {
  private final KeyedOneInputStreamOperatorTestHarness<String, MatchedEvent, ConversionChange>
      harness;
  private final Definitions definitions;
  private long now;
  private long nextCheckpoint = 1;

  ConversionsHarness(
      ConversionOptions options, Definitions definitions, long now, OperatorSubtaskState restored)
      throws Exception {
    this.definitions = definitions;
    this.now = now;
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ConversionsOperator(options),
            event -> VisitorKey.of(event.tenant, event.visitorId),
            Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(ConversionChange.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.setProcessingTime(now);
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  void process(Event... events) throws Exception {
    process(definitions, events);
  }

  void process(Definitions inForce, Event... events) throws Exception {
    for (Event event : events) {
      harness.processElement(inForce.match(event), event.occurredAt);
    }
  }

  void advance(Duration by) throws Exception {
    now += by.toMillis();
    harness.setProcessingTime(now);
  }

  void endInput() throws Exception {
    harness.endInput();
  }

  OperatorSubtaskState checkpoint() throws Exception {
    harness.prepareSnapshotPreBarrier(nextCheckpoint);
    return harness.snapshot(nextCheckpoint++, now);
  }

  List<ConversionChange> conversionChanges() {
    return harness.extractOutputValues();
  }

  List<CreditChange> creditChanges() {
    return side(ConversionsOperator.CREDITS);
  }

  List<FunnelStepChange> stepChanges() {
    return side(ConversionsOperator.STEPS);
  }

  /** Conversions as they happened, for the hot store. */
  List<Conversion> reached() {
    return side(ConversionsOperator.REACHED);
  }

  /** One line per change, with the minute since the start of the timeline. */
  List<String> conversions() {
    return conversionChanges().stream()
        .map(
            change -> {
              Conversion row = change.conversion;
              return change.rowKind().shortString()
                  + ' '
                  + row.goal
                  + '@'
                  + minute(row.occurredAt)
                  + ' '
                  + row.revenueCents;
            })
        .toList();
  }

  /** One line per change of a model's credits. */
  List<String> credits(String model) {
    return creditChanges().stream()
        .filter(change -> change.credit.model.equals(model))
        .map(
            change -> {
              Credit row = change.credit;
              return change.rowKind().shortString()
                  + ' '
                  + row.channel
                  + '@'
                  + minute(row.touchedAt)
                  + ' '
                  + row.creditNanos / 1e9;
            })
        .toList();
  }

  List<String> steps() {
    return stepChanges().stream()
        .map(
            change -> {
              FunnelStep row = change.step;
              return change.rowKind().shortString()
                  + ' '
                  + row.funnel
                  + ' '
                  + row.step
                  + '@'
                  + minute(row.occurredAt);
            })
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
