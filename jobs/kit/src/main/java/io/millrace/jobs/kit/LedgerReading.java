package io.millrace.jobs.kit;

import io.millrace.domain.ledger.LedgerStage;
import java.io.Serializable;

/** What a job's record means to the ledger. */
@FunctionalInterface
public interface LedgerReading<T> extends Serializable {
  /** Where records are counted. */
  interface Counts {
    /**
     * Counts one record.
     *
     * @param tenant null or empty where the record names none
     * @param receivedAt epoch ms
     */
    void add(LedgerStage stage, String tenant, long receivedAt);

    /**
     * As {@link #add}, for a record that comes from Kafka.
     *
     * @param appendedAt when the partition got it, epoch ms
     */
    void addRead(LedgerStage stage, String tenant, long receivedAt, int partition, long appendedAt);
  }

  void read(T record, Counts counts);
}
