package io.millrace.jobs.conversions;

import io.millrace.domain.goal.Conversion;
import io.millrace.jobs.kit.ConfirmOperator;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** What counts goals and steps for the hot store, behind the conversions operator. */
final class HotCountsHarness implements AutoCloseable {
  /** What a checkpoint holds. */
  record State(OperatorSubtaskState unconfirmed, OperatorSubtaskState counts) {}

  private final OneInputStreamOperatorTestHarness<HotCount, HotCount> confirm;
  private final KeyedOneInputStreamOperatorTestHarness<String, HotCount, HotCount> count;
  private long checkpoints;
  private int taken;

  HotCountsHarness(long now, State restored) throws Exception {
    TypeInformation<HotCount> type = Types.POJO(HotCount.class);
    confirm = new OneInputStreamOperatorTestHarness<>(new ConfirmOperator<>(type));
    count =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new HotCountFunction()), HotCount::key, Types.STRING);
    for (var each : List.of(confirm, count)) {
      each.setup(type.createSerializer(each.getExecutionConfig().getSerializerConfig()));
      each.setProcessingTime(now);
    }
    if (restored != null) {
      confirm.initializeState(restored.unconfirmed);
      count.initializeState(restored.counts);
    }
    confirm.open();
    count.open();
  }

  void reached(Conversion conversion) throws Exception {
    count.processElement(HotCount.of(conversion), 0);
  }

  void step(FunnelStepChange change) throws Exception {
    confirm.processElement(HotCount.of(change.step, change.takesBack() ? -1 : 1), 0);
  }

  void advanceTo(long now) throws Exception {
    confirm.setProcessingTime(now);
    count.setProcessingTime(now);
    forward();
  }

  State checkpoint() throws Exception {
    checkpoints++;
    OperatorSubtaskState unconfirmed = confirm.snapshot(checkpoints, 0);
    return new State(unconfirmed, count.snapshot(checkpoints, 0));
  }

  void confirmCheckpoint() throws Exception {
    confirm.notifyOfCompletedCheckpoint(checkpoints);
    forward();
  }

  /** What was shown since this was asked last. */
  List<HotCount> take() {
    List<HotCount> all = count.extractOutputValues();
    List<HotCount> fresh = List.copyOf(all.subList(taken, all.size()));
    taken = all.size();
    return fresh;
  }

  int stateEntries() {
    return count.numKeyedStateEntries();
  }

  int timers() {
    return count.numProcessingTimeTimers();
  }

  private void forward() throws Exception {
    List<HotCount> passed = confirm.extractOutputValues();
    confirm.getOutput().clear();
    for (HotCount each : passed) {
      count.processElement(each, 0);
    }
  }

  @Override
  public void close() throws Exception {
    confirm.close();
    count.close();
  }
}
