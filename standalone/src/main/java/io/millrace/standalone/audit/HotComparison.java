package io.millrace.standalone.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.hot.HotWindow;
import io.millrace.domain.hot.TopRules;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.conversions.HotCount;
import io.millrace.jobs.conversions.HotCounts;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.standalone.backfill.StoredCounts;
import io.millrace.standalone.backfill.TimeRange;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Where the hot store and the lake say different things of quarters of an hour that are over.
 *
 * <p>A value that is nowhere counts as one of nothing. What a full list of the hot store has left
 * out must not have more events than what it has kept.
 */
final class HotComparison {
  /** What is about to expire is not looked at. */
  private static final Duration EDGE = Duration.ofHours(1);

  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOTHING = "nothing";
  private static final List<String> MEASURES =
      List.of(
          "events",
          "page_views",
          "clicks",
          "visitors",
          "sessions",
          "bounces",
          "session_seconds",
          "engagement_ms",
          "conversions",
          "revenue_cents");

  /** What the two say under one key. */
  record Difference(String hot, String lake) {}

  private final Catalog lake;
  private final RedisCommands<String, String> redis;
  private final Set<String> tenants;
  private final TimeRange range;

  /**
   * @param tenants none means all
   * @param range a multiple of quarters of an hour
   */
  HotComparison(
      Catalog lake, RedisCommands<String, String> redis, Set<String> tenants, TimeRange range) {
    this.lake = lake;
    this.redis = redis;
    this.tenants = tenants;
    this.range = range;
  }

  /**
   * The time that the hot store has kept whole and that is over; null if there is none.
   *
   * @param closedBefore epoch ms
   */
  static TimeRange comparable(long now, long closedBefore) {
    long from =
        MetricRules.windowStart(
            now - MetricRules.HOT_KEPT.toMillis() + EDGE.toMillis(), MetricRules.WINDOW_MS);
    long to = MetricRules.windowStart(closedBefore, MetricRules.WINDOW_MS);
    return from < to ? new TimeRange(from, to) : null;
  }

  /** Counts of goals, or of steps of funnels, minute by minute. */
  Map<String, Difference> counts(boolean ofSteps) throws IOException {
    Map<String, String> stored = new TreeMap<>();
    HotCounts hotCounts = new HotCounts();
    for (HotCount count : StoredCounts.read(lake, range, tenants).counts()) {
      if (count.step > 0 == ofSteps) {
        HotWrite write = hotCounts.map(count);
        stored.put(write.key + ' ' + write.field, count(JSON.readTree(write.value)));
      }
    }
    Map<String, String> shown = new TreeMap<>();
    for (String key : keys(ofSteps ? "funnels" : "goals", 1)) {
      for (Map.Entry<String, String> each : redis.hgetall(key).entrySet()) {
        String count = count(JSON.readTree(HotKeys.json(each.getValue())));
        if (!count.equals(NOTHING)) {
          shown.put(key + ' ' + each.getKey(), count);
        }
      }
    }
    Map<String, Difference> differences = new TreeMap<>();
    Set<String> all = new HashSet<>(stored.keySet());
    all.addAll(shown.keySet());
    for (String key : all) {
      Difference difference =
          new Difference(shown.getOrDefault(key, NOTHING), stored.getOrDefault(key, NOTHING));
      if (!difference.hot.equals(difference.lake)) {
        differences.put(key, difference);
      }
    }
    return differences;
  }

  private static String count(JsonNode value) {
    JsonNode reached = value.path("reached");
    if (!reached.isMissingNode()) {
      return reached.asLong() == 0 ? NOTHING : "reached " + reached.asLong();
    }
    long conversions = value.path("conversions").asLong();
    return conversions == 0
        ? NOTHING
        : "conversions " + conversions + ", revenue_cents " + value.path("revenue_cents").asLong();
  }

  /** Quarters of an hour of all groupings. */
  Map<String, Difference> metrics() throws IOException {
    Map<String, Difference> differences = new TreeMap<>();
    Set<String> keys = new HashSet<>(keys("metrics", 2));
    // Hour by hour, as a day of a million pages is more than memory has to hold.
    for (long hour = range.from(); hour < range.to(); hour += HOUR_MS) {
      TimeRange some = new TimeRange(hour, Math.min(hour + HOUR_MS, range.to()));
      Map<String, Map<String, Record>> stored = metrics(some);
      for (String key : keys) {
        if (some.contains(start(key, 2))) {
          stored.computeIfAbsent(key, hash -> new HashMap<>());
        }
      }
      for (Map.Entry<String, Map<String, Record>> window : stored.entrySet()) {
        compare(window.getKey(), window.getValue(), differences);
      }
    }
    return differences;
  }

  /** By hash and field. */
  private Map<String, Map<String, Record>> metrics(TimeRange some) throws IOException {
    Map<String, Map<String, Record>> windows = new HashMap<>();
    Table table = lake.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "metrics_15m"));
    String[] columns =
        Stream.concat(
                Stream.of("tenant", "grouping", "value", "bot", "window_start"), MEASURES.stream())
            .toArray(String[]::new);
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(
                Expressions.and(
                    some.of("window_start"),
                    tenants.isEmpty()
                        ? Expressions.alwaysTrue()
                        : Expressions.in("tenant", tenants)))
            .select(columns)
            .build()) {
      for (Record row : rows) {
        String key =
            HotKeys.metrics(
                (String) row.getField("tenant"),
                (String) row.getField("grouping"),
                HotWindow.QUARTER,
                ((OffsetDateTime) row.getField("window_start")).toInstant().toEpochMilli());
        String field =
            HotKeys.metricField((String) row.getField("value"), (boolean) row.getField("bot"));
        windows.computeIfAbsent(key, hash -> new HashMap<>()).put(field, row.copy());
      }
    }
    return windows;
  }

  private void compare(String key, Map<String, Record> stored, Map<String, Difference> differences)
      throws IOException {
    Map<String, String> shown = redis.hgetall(key);
    Set<String> fields = new HashSet<>(stored.keySet());
    fields.addAll(shown.keySet());
    Map<String, Long> leftOutAtMost = new HashMap<>();
    for (String field : fields) {
      Record row = stored.get(field);
      String lakeSays = row == null ? NOTHING : words(name -> (long) row.getField(name));
      String value = shown.get(field);
      JsonNode json = value == null ? null : JSON.readTree(HotKeys.json(value));
      String hotSays = json == null ? NOTHING : words(name -> json.path(name).asLong());
      if (!hotSays.equals(lakeSays)
          && !(json == null
              && (long) row.getField("events") <= leftOutAtMost(key, field, leftOutAtMost))) {
        differences.put(key + ' ' + field, new Difference(hotSays, lakeSays));
      }
    }
  }

  private interface Numbers {
    long of(String measure);
  }

  private static String words(Numbers numbers) {
    if (numbers.of("events") == 0 && numbers.of("sessions") == 0) {
      return NOTHING;
    }
    StringBuilder words = new StringBuilder();
    for (String measure : MEASURES) {
      words
          .append(words.isEmpty() ? "" : ", ")
          .append(measure)
          .append(' ')
          .append(numbers.of(measure));
    }
    return words.toString();
  }

  /** How many events a value has at most that its list did not keep; -1 if it keeps all. */
  private long leftOutAtMost(String key, String field, Map<String, Long> known) {
    String[] parts = key.split(":", 6);
    boolean bot = field.startsWith("bot:");
    String list = TopRules.list(parts[5], HotKeys.metricValue(field));
    if (list == null) {
      return -1;
    }
    String top = HotKeys.top(parts[1], list, HotWindow.QUARTER, start(key, 2), bot);
    return known.computeIfAbsent(
        top,
        index -> {
          if (redis.zcard(index) < HotWindow.QUARTER.listed()) {
            return -1L;
          }
          ScoredValue<String> lowest = redis.zrangeWithScores(index, 0, 0).get(0);
          return (long) lowest.getScore();
        });
  }

  /**
   * The keys of quarters of an hour of the range.
   *
   * @param fromEnd the part that says when they begin, counted from the end
   */
  private Set<String> keys(String kind, int fromEnd) {
    Set<String> keys = new HashSet<>();
    ScanArgs all = ScanArgs.Builder.matches("millrace:*:" + kind + ":15m:*").limit(10_000);
    KeyScanCursor<String> cursor = redis.scan(all);
    while (true) {
      for (String key : cursor.getKeys()) {
        String tenant = key.split(":", 3)[1];
        if (range.contains(start(key, fromEnd))
            && (tenants.isEmpty() || tenants.contains(tenant))) {
          keys.add(key);
        }
      }
      if (cursor.isFinished()) {
        return keys;
      }
      cursor = redis.scan(cursor, all);
    }
  }

  private static long start(String key, int fromEnd) {
    String[] parts = key.split(":");
    return Long.parseLong(parts[parts.length - fromEnd]);
  }
}
