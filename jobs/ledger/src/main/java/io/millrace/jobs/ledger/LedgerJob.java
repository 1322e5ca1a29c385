package io.millrace.jobs.ledger;

import io.millrace.domain.ledger.LedgerRules;
import io.millrace.jobs.kit.LedgerEntry;
import io.millrace.jobs.kit.MeasureRow;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Counts of what came in, and of what became of it, in; the ledger's changes out. */
public final class LedgerJob {
  private LedgerJob() {}

  /**
   * What the job gives.
   *
   * @param changes of {@code lake.ledger}
   * @param complete up to when each tenant's numbers are complete, for the hot store
   * @param deadLetterRatios for alerts
   */
  public record Results(
      SingleOutputStreamOperator<LedgerChange> changes,
      SideOutputDataStream<CompleteUpTo> complete,
      SingleOutputStreamOperator<MeasureRow> deadLetterRatios) {}

  /**
   * The graph.
   *
   * @param entries of all stages
   * @param partitions how many partitions {@code events.raw} has: a minute is complete when each
   *     has been read beyond it
   */
  public static Results define(DataStream<LedgerEntry> entries, int partitions) {
    SingleOutputStreamOperator<LedgerChange> changes =
        entries
            .keyBy(entry -> LedgerOperator.key(entry.tenant, entry.minute), Types.STRING)
            .transform("Ledger", Types.POJO(LedgerChange.class), new LedgerOperator(partitions))
            // Its clock is what all partitions have in common; a few entries a second come here.
            .setParallelism(1)
            .uid("ledger/minutes");
    SingleOutputStreamOperator<MeasureRow> ratios =
        changes
            .filter(change -> !change.tenant.equals(LedgerRules.NO_TENANT))
            .name("Ledger of tenants")
            .setParallelism(1)
            .uid("ledger/of-tenants")
            .keyBy(DeadLetterRatioFunction::key, Types.STRING)
            .process(new DeadLetterRatioFunction(), Types.POJO(MeasureRow.class))
            .name("Dead letter ratio")
            .setParallelism(1)
            .uid("ledger/dead-letter-ratio");
    return new Results(changes, changes.getSideOutput(LedgerOperator.COMPLETE), ratios);
  }
}
