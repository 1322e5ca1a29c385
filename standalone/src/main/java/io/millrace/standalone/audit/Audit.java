package io.millrace.standalone.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.jobs.programs.IngestGraph;
import io.millrace.jobs.programs.Topics;
import io.millrace.sql.Column;
import io.millrace.sql.Progress;
import io.millrace.sql.Rows;
import io.millrace.sql.ShippedQuery;
import io.millrace.sql.SqlClient;
import io.millrace.sql.SqlParameter;
import io.millrace.sql.TimeText;
import io.millrace.standalone.RunningPlatform;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Proves, or disproves, that the lake holds what was sent: every offset of {@code events.raw} is
 * accounted for, nothing stands twice, sessions and metrics equal a recomputation in SQL, and the
 * hot store says the same.
 */
public final class Audit {
  private static final String OFFSETS_USED = "offsets_used";
  private static final String OFFSET_GAPS = "offset_gaps";
  private static final String LEDGER = "ledger_";
  private static final int MAX_EXAMPLES = 20;

  /** The default of the checks in SQL. */
  private static final String CLOSED_BEFORE = "now-50m";

  /** The longest of what a row waits for before it is written: a visitor who is never quiet. */
  private static final Duration RESTATED_WITHIN = Duration.ofMinutes(1);

  /**
   * Tables are read one after the other while the pipeline goes on committing, so a gap may be
   * about to close.
   */
  private static final int ATTEMPTS = 3;

  private final RunningPlatform running;
  private final Clock clock;
  private final Map<String, String> parameters;
  private final Consumer<String> progress;

  /**
   * @param parameters of the checks: {@code tenant}, {@code closed_before}
   * @param progress is told what is being checked
   */
  public Audit(
      RunningPlatform running,
      Clock clock,
      Map<String, String> parameters,
      Consumer<String> progress) {
    this.running = running;
    this.clock = clock;
    this.parameters = Map.copyOf(parameters);
    this.progress = progress;
  }

  public AuditReport run() throws IOException, InterruptedException {
    try (SqlClient sql =
        SqlClient.open(running.sql(), running.lake().catalog().createCatalogSql())) {
      List<AuditReport.Partition> partitions = balance(sql);
      List<AuditReport.Check> checks = new ArrayList<>();
      for (ShippedQuery check : ShippedQuery.audits()) {
        // The gaps between used offsets are judged by the balance, with what Kafka knows of them.
        if (!check.question().startsWith("Information") && !check.name().equals(OFFSET_GAPS)) {
          checks.add(check(sql, check));
        }
      }
      lookOnceMore(sql, checks);
      checks.addAll(hot());
      return new AuditReport(partitions, checks);
    }
  }

  /**
   * The ledger speaks of minutes that may be restated this very moment, as a spool empties or a
   * backlog is read; the other rules leave out what is not closed.
   */
  private void lookOnceMore(SqlClient sql, List<AuditReport.Check> checks)
      throws IOException, InterruptedException {
    boolean waited = false;
    for (ListIterator<AuditReport.Check> each = checks.listIterator(); each.hasNext(); ) {
      AuditReport.Check check = each.next();
      if (check.violations() > 0 && check.name().startsWith(LEDGER)) {
        if (!waited) {
          awaitCommitBeyond(committed());
          waited = true;
        }
        each.set(check(sql, ShippedQuery.named(check.name())));
      }
    }
  }

  private List<AuditReport.Check> hot() throws IOException, InterruptedException {
    String tenant = parameters.get("tenant");
    String closedBefore = parameters.getOrDefault("closed_before", CLOSED_BEFORE);
    Instant closed =
        TimeText.parse(closedBefore, clock)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "closed_before is \"%s\"; give %s"
                            .formatted(closedBefore, TimeText.ALLOWED)));
    return new HotAudit(
            running.lake().catalog(),
            running.redis(),
            tenant == null ? Set.of() : Set.of(tenant),
            progress,
            new UntilRestated())
        .run(clock.millis(), closed.toEpochMilli());
  }

  /** From the first difference on as long as a row may wait before it is written. */
  private final class UntilRestated implements HotAudit.Patience {
    private long end = Long.MIN_VALUE;

    @Override
    public boolean await() throws IOException, InterruptedException {
      if (end == Long.MIN_VALUE) {
        end = clock.millis() + RESTATED_WITHIN.toMillis();
      }
      awaitCommitBeyond(committed());
      return clock.millis() < end;
    }
  }

  private List<AuditReport.Partition> balance(SqlClient sql)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      progress.accept("offsets of events.raw");
      Map<Integer, Long> committed = committed();
      List<AuditReport.Partition> partitions = balance(sql, committed);
      if (attempt == ATTEMPTS || partitions.stream().allMatch(AuditReport.Partition::holds)) {
        return partitions;
      }
      awaitCommitBeyond(committed);
    }
  }

  private List<AuditReport.Partition> balance(SqlClient sql, Map<Integer, Long> committed)
      throws IOException, InterruptedException {
    Map<Integer, List<JsonNode>> used = new TreeMap<>();
    collect(sql, OFFSETS_USED).forEach(row -> used.put(row.get(0).asInt(), row));
    Map<Integer, List<UnusedOffsets.Range>> gaps = new HashMap<>();
    collect(sql, OFFSET_GAPS)
        .forEach(
            row ->
                gaps.computeIfAbsent(row.get(0).asInt(), partition -> new ArrayList<>())
                    .add(new UnusedOffsets.Range(row.get(1).asLong(), row.get(2).asLong() + 1)));

    List<AuditReport.Partition> partitions = new ArrayList<>();
    try (UnusedOffsets unused = new UnusedOffsets(running.kafka())) {
      for (Map.Entry<Integer, Long> entry : new TreeMap<>(committed).entrySet()) {
        int partition = entry.getKey();
        List<JsonNode> row = used.get(partition);
        List<UnusedOffsets.Range> ranges = new ArrayList<>(gaps.getOrDefault(partition, List.of()));
        long afterUsed = row == null ? 0 : row.get(2).asLong() + 1;
        long to = Math.max(afterUsed, entry.getValue());
        if (afterUsed < to) {
          ranges.add(new UnusedOffsets.Range(afterUsed, to));
        }
        UnusedOffsets.Found found = unused.look(partition, ranges);
        partitions.add(
            new AuditReport.Partition(
                partition,
                0,
                to,
                row == null ? 0 : row.get(3).asLong(),
                row == null ? 0 : row.get(4).asLong(),
                row == null ? 0 : row.get(5).asLong(),
                found.heartbeats(),
                found.forgotten(),
                found.missing(),
                found.examples()));
      }
    }
    return partitions;
  }

  private AuditReport.Check check(SqlClient sql, ShippedQuery check)
      throws IOException, InterruptedException {
    progress.accept(check.name());
    Collected rows = new Collected(MAX_EXAMPLES);
    // Some checks are of all tenants, or of all times.
    Map<String, String> taken = new HashMap<>(parameters);
    taken.keySet().retainAll(check.script().parameters().stream().map(SqlParameter::name).toList());
    for (String statement : check.script().bind(taken, Map.of(), clock)) {
      sql.query(statement, rows, Progress.NONE);
    }
    return new AuditReport.Check(
        check.name(), check.question(), rows.count, rows.columns, rows.rows);
  }

  private List<List<JsonNode>> collect(SqlClient sql, String name)
      throws IOException, InterruptedException {
    Collected rows = new Collected(Integer.MAX_VALUE);
    for (String statement : ShippedQuery.named(name).script().bind(Map.of(), Map.of(), clock)) {
      sql.query(statement, rows, Progress.NONE);
    }
    return rows.rows;
  }

  private static final class Collected implements Rows {
    private final int limit;
    private final List<List<JsonNode>> rows = new ArrayList<>();
    private List<String> columns = List.of();
    private long count;

    Collected(int limit) {
      this.limit = limit;
    }

    @Override
    public void columns(List<Column> given) {
      columns = given.stream().map(Column::name).toList();
    }

    @Override
    public void row(List<JsonNode> values) {
      count++;
      if (rows.size() < limit) {
        rows.add(values);
      }
    }
  }

  /** Per partition the offset up to which the pipeline's last complete checkpoint has read. */
  private Map<Integer, Long> committed() throws IOException, InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, running.kafka()))) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin
              .listConsumerGroupOffsets(IngestGraph.CONSUMER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get();
      Map<Integer, Long> committed = new HashMap<>();
      offsets.forEach(
          (topic, offset) -> {
            if (topic.topic().equals(Topics.EVENTS_RAW) && offset != null) {
              committed.put(topic.partition(), offset.offset());
            }
          });
      return committed;
    } catch (ExecutionException e) {
      throw new IOException(
          "Cannot ask Kafka at " + running.kafka() + " how far the pipeline is: " + e.getCause(),
          e);
    }
  }

  /**
   * A checkpoint is committed to the lake before the next one completes; heartbeats make sure that
   * there is one.
   */
  private void awaitCommitBeyond(Map<Integer, Long> before)
      throws IOException, InterruptedException {
    long deadline = clock.millis() + Duration.ofMinutes(1).toMillis();
    int rounds = 0;
    Map<Integer, Long> last = before;
    while (rounds < 2 && clock.millis() < deadline) {
      TimeUnit.MILLISECONDS.sleep(500);
      Map<Integer, Long> now = committed();
      if (!now.equals(last)) {
        rounds++;
        last = now;
      }
    }
  }
}
