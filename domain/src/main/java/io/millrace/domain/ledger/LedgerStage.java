package io.millrace.domain.ledger;

import java.util.Arrays;

/**
 * What became of a record; a row of {@code lake.ledger} counts one of these.
 *
 * <p>Per tenant and minute, received = stored + duplicate + dead_letter + heartbeat. What the
 * gateway refused never came into {@code events.raw} and stands beside.
 */
public enum LedgerStage {
  /** A record of {@code events.raw} was read. */
  RECEIVED("received"),
  /** It is a row of {@code lake.events}. */
  STORED("stored"),
  /** It repeats an event, and is a row of {@code lake.duplicates}. */
  DUPLICATE("duplicate"),
  /** It could not be used, and is a row of {@code lake.dead_letters}. */
  DEAD_LETTER("dead_letter"),
  /** It carried only time. */
  HEARTBEAT("heartbeat"),
  /** The gateway refused an event and kept it, as a row of {@code lake.dead_letters}. */
  REFUSED("refused");

  private final String label;

  LedgerStage(String label) {
    this.label = label;
  }

  /**
   * The stage with that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static LedgerStage labelled(String label) {
    for (LedgerStage stage : values()) {
      if (stage.label.equals(label)) {
        return stage;
      }
    }
    throw new IllegalArgumentException(
        "There is no stage " + label + "; there are " + Arrays.toString(values()));
  }

  @Override
  public String toString() {
    return label;
  }

  /** The name in tables; a promise to those who query them. */
  public String label() {
    return label;
  }
}
