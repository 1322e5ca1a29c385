package io.millrace.gateway.access;

/**
 * How much may come in the long run, and at once after a pause.
 *
 * @param perSecond requests or events per second in the long run
 * @param burst as many at once after a pause
 */
public record Rate(int perSecond, int burst) {
  static final int MAX = 1_000_000;

  public Rate {
    require("rate", perSecond);
    require("burst", burst);
  }

  private static void require(String what, int value) {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException(
          "the " + what + " is " + value + "; give 1 to " + MAX + " (per second)");
    }
  }

  /** How long it takes until so much may come again. */
  long nanosFor(long amount) {
    return amount * 1_000_000_000L / perSecond;
  }

  long amountIn(long nanos) {
    return nanos * perSecond / 1_000_000_000L;
  }

  @Override
  public String toString() {
    return perSecond + " per second (burst " + burst + ')';
  }
}
