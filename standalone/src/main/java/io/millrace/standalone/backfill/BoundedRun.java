package io.millrace.standalone.backfill;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.EventRows;
import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.programs.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.source.IcebergSource;

/**
 * A Flink job of this process that reads tables to their end.
 *
 * <p>It is a streaming job without checkpoints and without a watermark but the last: so every
 * session and window is still pending when the input ends, and is written once, whatever the order
 * in which the rows came. Nothing goes through Iceberg's Flink sink, which loses rows at the end of
 * a bounded input when there are checkpoints.
 */
final class BoundedRun {
  private static final String EVENTS_READ = "events-read";
  private static final int MAX_PARALLELISM_HERE = 4;

  private final StreamExecutionEnvironment env;
  private final Lake lake;

  /**
   * @param tmp folder for what does not fit into memory
   */
  BoundedRun(Lake lake, Path tmp) throws IOException {
    this.lake = lake;
    this.env = StreamExecutionEnvironment.createLocalEnvironment(config(tmp));
    env.setMaxParallelism(JobSettings.MAX_PARALLELISM);
    env.getConfig().enableObjectReuse();
  }

  private static Configuration config(Path tmp) throws IOException {
    Configuration config = new Configuration();
    config.set(
        CoreOptions.DEFAULT_PARALLELISM,
        Math.min(MAX_PARALLELISM_HERE, Runtime.getRuntime().availableProcessors()));
    // Uids are left to Flink where nobody gives one: no savepoint is ever taken here.
    config.set(PipelineOptions.GENERIC_TYPES, false);
    config.set(CoreOptions.TMP_DIRS, Files.createDirectories(tmp).toString());
    config.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    config.set(RestOptions.BIND_PORT, "0");
    config.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
    config.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    config.set(SecurityOptions.DELEGATION_TOKENS_ENABLED, false);
    config.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    config.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    config.set(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE, MemorySize.ofMebiBytes(16));
    config.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
    // What fails is told at once; starting the command again starts from the beginning.
    config.set(
        RestartStrategyOptions.RESTART_STRATEGY,
        RestartStrategyOptions.RestartStrategyType.NO_RESTART_STRATEGY.getMainValue());
    return config;
  }

  StreamExecutionEnvironment env() {
    return env;
  }

  /** The rows of a snapshot that may match; files are left out by it, single rows are not. */
  DataStream<RowData> rows(String name, Table table, long snapshotId, Expression filter) {
    IcebergSource<RowData> source =
        IcebergSource.forRowData()
            .tableLoader(lake.table(name))
            .table(table)
            .streaming(false)
            .useSnapshotId(snapshotId)
            .filters(List.of(filter))
            .build();
    RowType type = FlinkSchemaUtil.convert(table.schema());
    return env.fromSource(
            source, WatermarkStrategy.noWatermarks(), "Read " + name, InternalTypeInfo.of(type))
        .uid("read-" + name);
  }

  /** The events of the range, counted. */
  DataStream<Event> events(Table table, long snapshotId, TimeRange range, Set<String> tenants) {
    Expression filter = Expressions.and(range.of("occurred_at"), EventScan.ofTenants(tenants));
    return rows("events", table, snapshotId, filter)
        .map(new EventRows(FlinkSchemaUtil.convert(table.schema())))
        .returns(Types.POJO(Event.class))
        .name("Events")
        .uid("events")
        .filter(new CountedEvents(range, Set.copyOf(tenants)))
        .name("Events of the range")
        .uid("events-of-range");
  }

  private static final class CountedEvents extends RichFilterFunction<Event> {
    private static final long serialVersionUID = 1L;
    private final long from;
    private final long to;
    private final HashSet<String> tenants;
    private transient LongCounter read;

    CountedEvents(TimeRange range, Set<String> tenants) {
      this.from = range.from();
      this.to = range.to();
      this.tenants = new HashSet<>(tenants);
    }

    @Override
    public void open(OpenContext context) {
      read = getRuntimeContext().getLongCounter(EVENTS_READ);
    }

    @Override
    public boolean filter(Event event) {
      boolean wanted =
          event.occurredAt >= from
              && event.occurredAt < to
              && (tenants.isEmpty() || tenants.contains(event.tenant));
      if (wanted) {
        read.add(1);
      }
      return wanted;
    }
  }

  /** Sums of what the functions counted. */
  record Counters(Map<String, Object> sums) {
    long counted(String counter) {
      return sums.get(counter) instanceof Long count ? count : 0;
    }
  }

  /**
   * What a finished job gave.
   *
   * @param rows all records of the stream that was collected
   */
  record Finished<T>(List<T> rows, Counters counters) {}

  /**
   * Runs the job and gathers a stream.
   *
   * @param progress is told about once a second how many events have been read
   * @throws IOException if not exactly that many events were read
   */
  <T> Finished<T> collect(DataStream<T> results, long events, LongConsumer progress)
      throws Exception {
    List<T> rows = new ArrayList<>();
    try (CloseableIterator<T> iterator = results.collectAsync()) {
      JobClient job = env.executeAsync("Millrace backfill");
      try (Watch watch = new Watch(job, progress)) {
        iterator.forEachRemaining(rows::add);
      }
      return new Finished<>(rows, finish(job, events));
    }
  }

  /** As {@link #collect}, for a job with sinks of its own. */
  Counters execute(long events, LongConsumer progress) throws Exception {
    JobClient job = env.executeAsync("Millrace rebuild");
    try (Watch watch = new Watch(job, progress)) {
      return finish(job, events);
    }
  }

  private static Counters finish(JobClient job, long events)
      throws IOException, InterruptedException {
    JobExecutionResult result;
    try {
      result = job.getJobExecutionResult().get();
    } catch (ExecutionException e) {
      throw new IOException("The recomputation failed: " + rootCause(e), e);
    }
    Counters counters = new Counters(result.getAllAccumulatorResults());
    long read = counters.counted(EVENTS_READ);
    if (read != events) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The recomputation read %,d events of the %,d that lake.events has; nothing was changed",
              read,
              events));
    }
    return counters;
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Asks the job how far it is. */
  private static final class Watch implements AutoCloseable {
    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "watch-backfill");
              thread.setDaemon(true);
              return thread;
            });

    Watch(JobClient job, LongConsumer progress) {
      timer.scheduleWithFixedDelay(
          () ->
              job.getAccumulators()
                  // A job that has just ended has no more to tell; its result is asked for anyway.
                  .thenAccept(
                      counters -> progress.accept(new Counters(counters).counted(EVENTS_READ))),
          1,
          1,
          TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      timer.shutdownNow();
    }
  }
}
