package io.millrace.standalone.backfill;

import java.time.Instant;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * A span of time.
 *
 * @param from first moment, epoch ms
 * @param to the moment after the last, epoch ms
 */
public record TimeRange(long from, long to) {
  public TimeRange {
    if (from >= to) {
      throw new IllegalArgumentException(
          "it begins at %s and ends at %s; give an end after the beginning"
              .formatted(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to)));
    }
  }

  public boolean contains(long at) {
    return at >= from && at < to;
  }

  boolean overlaps(TimeRange other) {
    return from < other.to && other.from < to;
  }

  TimeRange widened(long beforeMs, long afterMs) {
    return new TimeRange(from - beforeMs, to + afterMs);
  }

  /** Rows whose column lies in the range. */
  public Expression of(String column) {
    return Expressions.and(
        Expressions.greaterThanOrEqual(column, from * 1_000), // microseconds, as Iceberg has them
        Expressions.lessThan(column, to * 1_000));
  }

  @Override
  public String toString() {
    return Instant.ofEpochMilli(from) + " to " + Instant.ofEpochMilli(to);
  }
}
