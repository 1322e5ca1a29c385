package io.millrace.standalone.backfill;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.InvalidDefinitionsException;
import io.millrace.domain.event.Event;
import io.millrace.jobs.conversions.ConversionColumns;
import io.millrace.jobs.conversions.ConversionOptions;
import io.millrace.jobs.conversions.ConversionsJob;
import io.millrace.jobs.conversions.CreditColumns;
import io.millrace.jobs.conversions.DefinitionsFolder;
import io.millrace.jobs.conversions.DefinitionsSet;
import io.millrace.jobs.conversions.FunnelStepColumns;
import io.millrace.jobs.kit.Columns;
import io.millrace.jobs.kit.Lake;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Recomputes conversions, their credits and steps of funnels, as if the goals and funnels that are
 * defined now had been defined always.
 *
 * <p>A conversion looks back on sessions, and a step on steps, as far as the job keeps them: so far
 * back events are read. Nothing after a conversion matters to it.
 */
final class ConversionsComparison {
  /** Rows wait for the end of the input, so that each is written once. */
  private static final ConversionOptions OPTIONS =
      ConversionOptions.DEFAULT.withQuiet(Duration.ofDays(6));

  private final Lake lake;
  private final Path tmp;
  private final Path folder;
  private final Consumer<String> progress;
  private final SortedMap<String, String> versions = new TreeMap<>();

  /**
   * @param folder each tenant's goals and funnels
   */
  ConversionsComparison(Lake lake, Path tmp, Path folder, Consumer<String> progress) {
    this.lake = lake;
    this.tmp = tmp;
    this.folder = folder;
    this.progress = progress;
  }

  /** Version of the file of each tenant whose conversions were recomputed. */
  Map<String, String> versions() {
    return versions;
  }

  Compared compare(Backfill.Request given, Table events, Map<BackfillTable, Target> targets)
      throws Exception {
    DefinitionsSet definitions = definitions(given.tenants());
    // Who defines nothing has no conversions to be compared with.
    Backfill.Request request =
        new Backfill.Request(
            given.range(), given.jobs(), Set.copyOf(versions.keySet()), given.arrivedBefore());
    TimeRange read = request.range().widened(OPTIONS.kept().toMillis(), 0);
    progress.accept("Counting events of " + read + " ...");
    Snapshot snapshot = events.currentSnapshot();
    if (snapshot == null) {
      throw Backfill.noEvents(request);
    }
    EventScan scan =
        EventScan.of(
            events,
            snapshot.snapshotId(),
            read,
            request.range(),
            request.tenants(),
            request.arrivedBefore());
    if (scan.inRange() == 0) {
      throw Backfill.noEvents(request);
    }

    BoundedRun run = new BoundedRun(lake, tmp);
    List<Difference> found =
        run.collect(
                graph(
                    run,
                    request,
                    run.events(events, snapshot.snapshotId(), read, request.tenants()),
                    definitions,
                    targets),
                scan.events(),
                done ->
                    progress.accept(
                        String.format(
                            Locale.ROOT,
                            "Recomputing conversions: %,d of %,d events read",
                            done,
                            scan.events())))
            .rows();

    Map<String, List<Difference>> byTable = Settled.byTable(found);
    Map<BackfillTable, Settled.Sifted> sifted = new EnumMap<>(BackfillTable.class);
    for (Target target : targets.values()) {
      sifted.put(
          target.name,
          Settled.ofVisitors(
              byTable.getOrDefault(target.name.table(), List.of()),
              target.rows,
              scan.recentVisitors()));
    }
    return new Compared(sifted, scan.events());
  }

  private DefinitionsSet definitions(Set<String> tenants) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    try {
      texts.putAll(DefinitionsFolder.read(folder).byTenant());
      if (!tenants.isEmpty()) {
        Set<String> without = new TreeSet<>(tenants);
        without.removeAll(texts.keySet());
        if (!without.isEmpty()) {
          throw nothingDefined(String.join(", ", without));
        }
        texts.keySet().retainAll(tenants);
      }
      if (texts.isEmpty()) {
        throw nothingDefined("any tenant");
      }
      texts.forEach(
          (tenant, text) ->
              versions.put(tenant, Definitions.parse(tenant + ".yaml", text).version()));
    } catch (InvalidDefinitionsException e) {
      throw new PlatformException(ExitCode.REFUSED_INPUT, e.getMessage(), e);
    }
    return DefinitionsSet.of(texts);
  }

  private PlatformException nothingDefined(String whose) {
    return new PlatformException(
        ExitCode.REFUSED_INPUT,
        "Cannot recompute conversions of %s: no goals or funnels are defined; give them in %s"
            .formatted(whose, folder.resolve("<tenant>.yaml")));
  }

  private static DataStream<Difference> graph(
      BoundedRun run,
      Backfill.Request request,
      DataStream<Event> events,
      DefinitionsSet definitions,
      Map<BackfillTable, Target> targets) {
    ConversionsJob.Results converted =
        ConversionsJob.define(
            events,
            definitions,
            run.env()
                .fromData(List.of(definitions), Types.POJO(DefinitionsSet.class))
                .name("Definitions")
                .uid("definitions"),
            OPTIONS);
    DataStream<LakeRow> recomputed =
        recomputed(
                converted.conversions(),
                ConversionColumns.columns(),
                targets.get(BackfillTable.CONVERSIONS),
                request.range())
            .union(
                recomputed(
                    converted.credits(),
                    CreditColumns.columns(),
                    targets.get(BackfillTable.ATTRIBUTION),
                    request.range()),
                recomputed(
                    converted.steps(),
                    FunnelStepColumns.columns(),
                    targets.get(BackfillTable.FUNNEL_STEPS),
                    request.range()));
    List<DataStream<LakeRow>> stored = new ArrayList<>();
    for (Target target : targets.values()) {
      if (target.base != null) {
        stored.add(
            BackfillGraph.stored(
                run.rows(target.name.table(), target.table, target.base, target.concerned(request)),
                target.rows,
                request.range(),
                request.tenants()));
      }
    }
    return BackfillGraph.compared(recomputed, stored);
  }

  private static <T> DataStream<LakeRow> recomputed(
      DataStream<T> changes, Columns<T> columns, Target target, TimeRange range) {
    TableRows rows = target.rows;
    DataStream<RowData> data =
        changes
            .map(
                columns.mapper("lake." + rows.table(), rows.type()),
                InternalTypeInfo.of(rows.type()))
            .name("Rows of " + rows.table())
            .uid("rows-" + rows.table());
    return BackfillGraph.recomputed(data, rows, range);
  }
}
