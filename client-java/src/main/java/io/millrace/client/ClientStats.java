package io.millrace.client;

import java.util.Map;

/**
 * What became of the events so far. When nothing is under way, {@code tracked + recovered =
 * delivered + rejected + droppedTotal() + waiting + spooled}; after {@code close}, {@code waiting}
 * are those it gave back.
 *
 * @param tracked calls of {@code track}
 * @param recovered events that an earlier client left in the spool file
 * @param delivered events the gateway has taken: stored, or withheld by the tenant's policy
 * @param rejected events the gateway has refused
 * @param dropped events the client did not take, by reason; all reasons are there
 * @param waiting events in memory
 * @param waitingBytes their JSON
 * @param spooled events in the spool file
 * @param requests requests sent, with those that were sent again
 * @param failedRequests requests after which the same events had to be sent again
 * @param circuit whether the gateway is believed to take events
 * @param lastTrouble why a request failed last; null if none did
 */
public record ClientStats(
    long tracked,
    long recovered,
    long delivered,
    long rejected,
    Map<DropReason, Long> dropped,
    long waiting,
    long waitingBytes,
    long spooled,
    long requests,
    long failedRequests,
    CircuitState circuit,
    String lastTrouble) {

  public ClientStats {
    dropped = Map.copyOf(dropped);
  }

  /** Events the client did not take. */
  public long droppedTotal() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}
