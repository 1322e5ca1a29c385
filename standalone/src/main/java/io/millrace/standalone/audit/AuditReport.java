package io.millrace.standalone.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What an audit found. */
public record AuditReport(List<Partition> partitions, List<Check> checks) {
  /**
   * The balance of one Kafka partition of {@code events.raw}.
   *
   * @param from first offset looked at
   * @param to offset after the last one looked at
   * @param unverifiable offsets that nothing in the lake uses and that Kafka has forgotten
   * @param missing offsets that nothing in the lake uses although they hold an event
   * @param examples the first of the missing ones, in words
   */
  public record Partition(
      int partition,
      long from,
      long to,
      long stored,
      long duplicates,
      long deadLetters,
      long heartbeats,
      long unverifiable,
      long missing,
      List<String> examples) {
    public boolean holds() {
      return missing == 0
          && to - from == stored + duplicates + deadLetters + heartbeats + unverifiable;
    }
  }

  /**
   * One rule about the lake.
   *
   * @param rule what must hold
   * @param violations how many rows break it
   * @param columns names of the columns of {@code examples}
   * @param examples the first of these rows
   */
  public record Check(
      String name,
      String rule,
      long violations,
      List<String> columns,
      List<List<JsonNode>> examples) {}

  public boolean holds() {
    return partitions.stream().allMatch(Partition::holds)
        && checks.stream().allMatch(check -> check.violations() == 0);
  }
}
