package io.millrace.standalone.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.millrace.standalone.audit.HotComparison.Difference;
import io.millrace.standalone.backfill.TimeRange;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Whether the hot store says what the lake says, of the last two days as far as they are over.
 *
 * <p>A late event is in the hot store before its restated row is in the lake. So where they differ
 * they are looked at again after each commit until that row must be there, and only what is still
 * as it was breaks the rule.
 */
final class HotAudit {
  private static final int MAX_EXAMPLES = 20;
  private static final List<String> COLUMNS = List.of("key", "hot", "lake");

  /** One of the rules. */
  private enum Rule {
    HOT_METRICS("The hot store's metrics of closed windows equal lake.metrics_15m."),
    HOT_GOALS("The hot store's counts of goals equal lake.conversions."),
    HOT_FUNNELS("The hot store's counts of funnel steps equal lake.funnel_steps.");

    private final String words;

    Rule(String words) {
      this.words = words;
    }
  }

  /** Waits for the next commit. */
  interface Patience {
    /**
     * @return whether what is shown of late events may be in the lake only with a later one
     */
    boolean await() throws IOException, InterruptedException;
  }

  private final LakeCatalog lake;
  private final String redis;
  private final Set<String> tenants;
  private final Consumer<String> progress;
  private final Patience patience;

  /**
   * @param redis the hot store
   * @param tenants none means all
   * @param progress is told what is being checked
   */
  HotAudit(
      LakeCatalog lake,
      String redis,
      Set<String> tenants,
      Consumer<String> progress,
      Patience patience) {
    this.lake = lake;
    this.redis = redis;
    this.tenants = tenants;
    this.progress = progress;
    this.patience = patience;
  }

  /**
   * @param now epoch ms
   * @param closedBefore what ended later may still be open, epoch ms
   */
  List<AuditReport.Check> run(long now, long closedBefore)
      throws IOException, InterruptedException {
    TimeRange range = HotComparison.comparable(now, closedBefore);
    Map<Rule, Map<String, Difference>> found = new LinkedHashMap<>();
    for (Rule rule : Rule.values()) {
      found.put(rule, range == null ? Map.of() : compare(rule, range));
    }
    boolean mayChange = true;
    while (mayChange && found.values().stream().anyMatch(differ -> !differ.isEmpty())) {
      progress.accept("again what may just be restated");
      mayChange = patience.await();
      for (Map.Entry<Rule, Map<String, Difference>> each : found.entrySet()) {
        if (!each.getValue().isEmpty()) {
          Map<String, Difference> again = compare(each.getKey(), range);
          again.entrySet().retainAll(each.getValue().entrySet());
          each.setValue(again);
        }
      }
    }
    List<AuditReport.Check> checks = new ArrayList<>();
    found.forEach((rule, differences) -> checks.add(check(rule, differences)));
    return checks;
  }

  private Map<String, Difference> compare(Rule rule, TimeRange range) throws IOException {
    progress.accept(name(rule));
    RedisClient client = RedisClient.create(redis);
    try (var connection = client.connect();
        JdbcCatalog catalog = lake.open()) {
      HotComparison comparison = new HotComparison(catalog, connection.sync(), tenants, range);
      return switch (rule) {
        case HOT_METRICS -> comparison.metrics();
        case HOT_GOALS -> comparison.counts(false);
        case HOT_FUNNELS -> comparison.counts(true);
      };
    } catch (RedisException e) {
      throw new IOException(
          "Cannot compare the hot store with the lake: Redis at %s does not answer (%s); start it, or leave the comparison until it is back"
              .formatted(redis, e.getMessage()),
          e);
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  private static AuditReport.Check check(Rule rule, Map<String, Difference> differences) {
    List<List<JsonNode>> examples = new ArrayList<>();
    for (Map.Entry<String, Difference> each : differences.entrySet()) {
      if (examples.size() == MAX_EXAMPLES) {
        break;
      }
      examples.add(
          List.of(
              TextNode.valueOf(each.getKey()),
              TextNode.valueOf(each.getValue().hot()),
              TextNode.valueOf(each.getValue().lake())));
    }
    return new AuditReport.Check(name(rule), rule.words, differences.size(), COLUMNS, examples);
  }

  private static String name(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }
}
