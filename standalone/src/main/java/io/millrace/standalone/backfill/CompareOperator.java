package io.millrace.standalone.backfill;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Gathers the rows of each key, stored and recomputed, and tells at the end where they differ. */
final class CompareOperator extends AbstractStreamOperator<Difference>
    implements OneInputStreamOperator<LakeRow, Difference>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  // Never cleared: it ends with its job, which is bounded.
  private static final ListStateDescriptor<LakeRow> ROWS =
      new ListStateDescriptor<>("rows", Types.POJO(LakeRow.class));

  private transient ListState<LakeRow> rows;

  @Override
  public void open() throws Exception {
    super.open();
    rows = getRuntimeContext().getListState(ROWS);
  }

  @Override
  public void processElement(StreamRecord<LakeRow> element) throws Exception {
    rows.add(element.getValue());
  }

  @Override
  public void endInput() throws Exception {
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            ROWS,
            (key, state) -> {
              Difference difference = Difference.of(state.get());
              if (difference != null) {
                output.collect(new StreamRecord<>(difference));
              }
            });
  }
}
