package io.millrace.standalone.command;

import java.util.List;
import java.util.Map;

/**
 * How a running platform is; also the JSON of {@code status}.
 *
 * @param healthy whether every part answers and the pipeline, if there is one, runs
 * @param eventsInKafka offsets of {@code events.raw} over all Kafka partitions, null if unknown
 * @param eventsNotYetCommitted how many of them came after the last checkpoint, null if unknown
 * @param completeUpTo all that had arrived by this time is in the lake or accounted for; ISO time,
 *     UTC, null if unknown
 * @param tableRows rows by table; a row that was restated counts once
 */
record PlatformStatus(
    boolean healthy,
    List<Part> parts,
    Job pipeline,
    Long eventsInKafka,
    Long eventsNotYetCommitted,
    String completeUpTo,
    Map<String, Long> tableRows) {

  /** A server; {@code problem} is null when it answers. */
  record Part(String name, String address, boolean answers, String problem) {}

  /** The pipeline's job. */
  record Job(String id, String state, long checkpoints, Long lastCheckpointAgeMs) {
    boolean runs() {
      return state.equals("RUNNING");
    }
  }
}
