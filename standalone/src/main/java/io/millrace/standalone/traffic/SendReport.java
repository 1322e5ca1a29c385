package io.millrace.standalone.traffic;

import java.util.List;
import java.util.SortedMap;

/**
 * What became of the events that were handed over: handed = accepted + rejected + unknown + not
 * sent.
 *
 * @param accepted durable at the gateway, duplicates among them
 * @param rejected number of refused events by code
 * @param unknown sent, but without an answer; sending them again is safe
 * @param notSent still waiting when sending had to stop
 * @param problems the first three refusals, with id, code and reason
 * @param failure why sending stopped before the end; null when it did not
 */
public record SendReport(
    long handed,
    long accepted,
    SortedMap<String, Long> rejected,
    long unknown,
    long notSent,
    long batches,
    long retries,
    List<String> problems,
    CollectException failure) {

  /** Refused events of all codes. */
  public long rejectedTotal() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
