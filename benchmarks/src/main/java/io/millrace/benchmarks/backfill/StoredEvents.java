package io.millrace.benchmarks.backfill;

import io.millrace.benchmarks.traffic.EventJson;
import io.millrace.benchmarks.traffic.PlantedVisits;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.enrich.EnrichmentRules;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.RefusedException;
import io.millrace.jobs.kit.EventColumns;
import io.millrace.standalone.server.LakeCatalog;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.io.TaskWriter;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Planted visits as the pipeline would have stored them in {@code lake.events}. */
final class StoredEvents {
  private static final String TENANT = "default";
  private static final long TARGET_FILE_BYTES = 128L << 20;

  private StoredEvents() {}

  /**
   * @param start time of the beginning of the visits, epoch ms
   */
  static void store(PlantedVisits visits, long start, LakeCatalog lake) throws Exception {
    try (JdbcCatalog catalog = lake.open()) {
      Table table = catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "events"));
      RowType type = FlinkSchemaUtil.convert(table.schema());
      MapFunction<Event, RowData> rows = EventColumns.columns().mapper("lake.events", type);
      RowDataTaskWriterFactory factory =
          new RowDataTaskWriterFactory(
              table, type, TARGET_FILE_BYTES, FileFormat.PARQUET, Map.of(), List.of(), false);
      factory.initialize(0, 0);
      EventReader reader = new EventReader();
      EnrichmentRules rules = new EnrichmentRules(OwnHosts.none());
      TaskWriter<RowData> writer = factory.create();
      for (int n = 0; n < visits.events(); n++) {
        long at = start + visits.at(n);
        writer.write(rows.map(event(reader, rules, n, visits.visitor(n), at)));
      }
      AppendFiles append = table.newAppend();
      for (var file : writer.complete().dataFiles()) {
        append.appendFile(file);
      }
      append.commit();
    }
  }

  private static Event event(
      EventReader reader, EnrichmentRules rules, long n, int visitor, long at)
      throws RefusedException {
    Envelope envelope = new Envelope(TENANT, at, null, true, null, null, null, null, null);
    Event event = reader.read(EventJson.event(0, n, visitor, at), envelope);
    rules.enrich(event);
    event.kafkaOffset = n;
    return event;
  }
}
