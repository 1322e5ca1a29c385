package io.millrace.standalone.audit;

import io.millrace.domain.ledger.LedgerRules;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Up to when the lake is complete: all that had arrived by then is stored, or is accounted for.
 *
 * <p>The ledger has a minute only once every Kafka partition has been read beyond it, so its last
 * minute says so. It is read from the statistics of the ledger's files, which takes no query.
 */
public final class Freshness {
  private static final Duration RECENT = Duration.ofHours(2);

  private Freshness() {}

  /**
   * The end of the last complete minute.
   *
   * @return empty while no minute is complete
   */
  public static Optional<Instant> completeUpTo(LakeCatalog lake, Clock clock) throws IOException {
    try (JdbcCatalog catalog = lake.open()) {
      Table ledger = catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "ledger"));
      long recent = micros(clock.instant().minus(RECENT).toEpochMilli());
      Optional<Instant> found =
          lastMinute(ledger, Expressions.greaterThanOrEqual("minute", recent));
      return (found.isPresent() ? found : lastMinute(ledger, Expressions.alwaysTrue()))
          .map(minute -> minute.plusMillis(LedgerRules.MINUTE_MS));
    }
  }

  private static Optional<Instant> lastMinute(Table ledger, Expression filter) throws IOException {
    NestedField minute = ledger.schema().findField("minute");
    long last = Long.MIN_VALUE;
    try (CloseableIterable<FileScanTask> files =
        ledger.newScan().filter(filter).includeColumnStats().planFiles()) {
      for (FileScanTask file : files) {
        ByteBuffer upper = file.file().upperBounds().get(minute.fieldId());
        Long bound = Conversions.fromByteBuffer(minute.type(), upper);
        last = Math.max(last, bound);
      }
    }
    return last == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(last / 1000));
  }

  private static long micros(long epochMs) {
    return epochMs * 1000;
  }
}
