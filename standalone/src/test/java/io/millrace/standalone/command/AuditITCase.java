package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.server.LakeCatalog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The audit on a platform whose tables somebody then changes by hand. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditITCase {
  private static final Instant START = Instant.parse("2024-02-27T20:00:00Z");
  private static final int EVENTS = 400;

  @TempDir static Path folder;
  private static Path data;
  private static ChildPlatform platform;
  private static LakeCatalog lake;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    data = folder.resolve("data");
    platform = new ChildPlatform(data, List.of("--checkpoint-interval", "2s"));
    lake = platform.start().lake().catalog();
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @Test
  @Order(1)
  void holdsForTrafficWithDuplicatesAndLateEvents() throws Exception {
    Path file = Files.write(folder.resolve("events.ndjson"), events());

    assertThat(run("replay", file.toString(), "--mangle", "duplicates=10%,shuffle=60s,late=2%"))
        .as(() -> err.toString())
        .isZero();
    assertThat(run("send", "--visitor", "v1", "--type", "Not a type")).isEqualTo(6);

    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              assertThat(new LakeReader(lake).rows("events", "event_id")).hasSize(EVENTS);
              assertThat(run("audit")).as(() -> out.toString() + err).isZero();
              assertThat(out.toString()).contains("Everything holds.").doesNotContain("WRONG");
            });
  }

  @Test
  @Order(2)
  void theLedgerAccountsForAllThatArrivedOnceItsMinuteIsComplete() throws Exception {
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(ledger("stored")).isEqualTo(EVENTS));

    LakeReader reader = new LakeReader(lake);
    assertThat(ledger("duplicate")).isEqualTo(reader.rows("duplicates", "event_id").size());
    assertThat(ledger("received"))
        .isEqualTo(ledger("stored") + ledger("duplicate") + ledger("heartbeat"));
    assertThat(ledger("heartbeat")).isPositive();
    assertThat(ledger("refused")).isEqualTo(1);
    assertThat(run("status")).isZero();
    assertThat(out.toString())
        .containsPattern("complete up to +20\\d\\d-.*Z: the lake accounts for");
    assertThat(run("sql", "-e", "SELECT 1")).isZero();
    assertThat(err.toString()).containsPattern("Complete up to 20\\d\\d-.*:00Z");
    assertThat(run("audit")).as(() -> out.toString() + err).isZero();
  }

  @Test
  @Order(3)
  void namesAnEventThatWasStoredASecondTime() throws Exception {
    String again = "INSERT INTO lake.events SELECT * FROM lake.events WHERE event_id = 'e17'";
    assertThat(run("sql", "--write", "-e", again)).as(() -> err.toString()).isZero();

    assertThat(run("audit")).isEqualTo(1);

    assertThat(out.toString())
        .containsPattern("WRONG +events_once: ")
        .containsPattern("tenant default, visitor_id v\\d+, event_id e17, stored 2, ")
        .contains("Not everything holds: see the lines that begin with WRONG.");
  }

  @Test
  @Order(4)
  void namesTheOffsetsOfEventsThatWereRemoved() throws Exception {
    LakeReader reader = new LakeReader(lake);
    List<String> before = places(reader);
    removeSmallestFileOfEvents();
    List<String> removed = new ArrayList<>(before);
    removed.removeAll(places(reader));
    assertThat(removed).isNotEmpty();

    assertThat(run("audit")).isEqualTo(1);

    assertThat(out.toString())
        .containsPattern("WRONG +events.raw partition \\d: .* MISSING")
        .contains("missing: " + removed.get(0) + ", key default|");
  }

  private static long ledger(String stage) throws Exception {
    return new LakeReader(lake)
        .rows("ledger", "stage", "events").stream()
            .filter(row -> row.getField("stage").equals(stage))
            .mapToLong(row -> (long) row.getField("events"))
            .sum();
  }

  /** Visits of a few visitors over two days, the second of which is a leap day's eve. */
  private static List<String> events() {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long at = START.plusSeconds(i * 300L + random.nextInt(200)).toEpochMilli();
      lines.add(
          "{\"eventId\":\"e%d\",\"eventType\":\"page_view\",\"timestamp\":%d,".formatted(i, at)
              + "\"visitorId\":\"v%d\",\"pageUrl\":\"https://a.example/p%d\"}"
                  .formatted(random.nextInt(25), random.nextInt(5)));
    }
    return lines;
  }

  /** Every stored event's place in Kafka, in the audit's words. */
  private static List<String> places(LakeReader reader) throws Exception {
    List<String> places = new ArrayList<>();
    for (Record row : reader.rows("events", "kafka_partition", "kafka_offset")) {
      places.add(
          "partition "
              + row.getField("kafka_partition")
              + ", offset "
              + row.getField("kafka_offset"));
    }
    return places;
  }

  private static void removeSmallestFileOfEvents() throws Exception {
    try (JdbcCatalog catalog = lake.open()) {
      Table table = catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "events"));
      List<FileScanTask> files = new ArrayList<>();
      try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
        tasks.forEach(files::add);
      }
      // One that the doubled event alone is in would leave its first copy behind.
      FileScanTask smallest =
          files.stream()
              .filter(task -> task.file().recordCount() > 1)
              .min(Comparator.comparingLong(task -> task.file().recordCount()))
              .orElseThrow();
      table.newDelete().deleteFile(smallest.file()).commit();
    }
  }

  private int run(String command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--data", data.toString()));
    CommandLine line = CommandLines.create();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(words.toArray(String[]::new));
  }
}
