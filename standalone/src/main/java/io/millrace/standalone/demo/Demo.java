package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.sql.Column;
import io.millrace.sql.Progress;
import io.millrace.sql.Rows;
import io.millrace.sql.ShippedQuery;
import io.millrace.sql.SqlClient;
import io.millrace.sql.SqlResources;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.traffic.CollectClient;
import io.millrace.standalone.traffic.DemoPlayer;
import io.millrace.standalone.traffic.DemoTraffic;
import io.millrace.standalone.traffic.KeySource;
import io.millrace.standalone.traffic.LaneSender;
import io.millrace.standalone.traffic.Planted;
import io.millrace.standalone.traffic.SendReport;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Plays traffic with known answers through a running platform and looks what became of it. */
public final class Demo {
  /** Longer than a quiet session waits, and a few commits. */
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(3);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final RunningPlatform running;
  private final KeySource keys;
  private final Clock clock;

  public Demo(RunningPlatform running, KeySource keys, Clock clock) {
    this.running = running;
    this.keys = keys;
    this.clock = clock;
  }

  /** Sends everything; the report says what could not be sent. */
  public SendReport play(DemoTraffic traffic, io.millrace.standalone.traffic.Progress progress)
      throws InterruptedException {
    CollectClient client = new CollectClient(running.gateway(), CollectClient.Options.DEFAULT);
    try (LaneSender sender = new LaneSender(client, LaneSender.DEFAULT_LANES)) {
      return new DemoPlayer(keys, clock).play(traffic, sender, progress);
    }
  }

  /** Compares until everything planted is found, or long enough to say that something is not. */
  public Comparison compare(DemoTraffic traffic, Runnable waiting)
      throws IOException, InterruptedException {
    long deadline = clock.millis() + SETTLES_WITHIN.toMillis();
    List<Planted> planted = traffic.planted();
    try (SqlClient sql =
            SqlClient.open(running.sql(), running.lake().catalog().createCatalogSql());
        HotReader hot = new HotReader(running.redis())) {
      while (true) {
        Map<String, Map<String, Long>> found = found(sql);
        addLive(hot, planted, found);
        Comparison comparison = Comparison.of(planted, found);
        if (comparison.holds() || clock.millis() > deadline) {
          return comparison;
        }
        waiting.run();
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      }
    }
  }

  /** A product as it was at the time of its views. */
  public record Product(String title, String maker, long views) {}

  /** The shop's products that were viewed most, by the question that ships with Millrace. */
  public List<Product> mostViewedProducts() throws IOException, InterruptedException {
    String question =
        ShippedQuery.named("entities_with_titles")
            .script()
            .bind(
                Map.of("tenant", DemoTraffic.SHOP, "entity_type", "product", "rows", "5"),
                Map.of(),
                clock)
            .get(0);
    List<Product> products = new ArrayList<>();
    try (SqlClient sql =
        SqlClient.open(running.sql(), running.lake().catalog().createCatalogSql())) {
      sql.query(
          question,
          new Rows() {
            private List<String> names;

            @Override
            public void columns(List<Column> columns) {
              names = columns.stream().map(Column::name).toList();
            }

            @Override
            public void row(List<JsonNode> values) {
              products.add(
                  new Product(
                      values.get(names.indexOf("title")).asText(),
                      values.get(names.indexOf("owner_name")).asText(),
                      values.get(names.indexOf("views")).asLong()));
            }
          },
          Progress.NONE);
    }
    return products;
  }

  private static Map<String, Map<String, Long>> found(SqlClient sql)
      throws IOException, InterruptedException {
    Map<String, Map<String, Long>> found = new TreeMap<>();
    sql.query(
        SqlResources.read("demo/found.sql"),
        new Rows() {
          @Override
          public void columns(List<Column> columns) {}

          @Override
          public void row(List<JsonNode> values) {
            if (!values.get(0).isNull()) {
              found
                  .computeIfAbsent(values.get(0).asText(), tenant -> new TreeMap<>())
                  .put(values.get(1).asText(), values.get(2).asLong());
            }
          }
        },
        Progress.NONE);
    return found;
  }

  private void addLive(HotReader hot, List<Planted> planted, Map<String, Map<String, Long>> found)
      throws IOException {
    for (Planted tenant : planted) {
      long pageViews = 0;
      List<JsonNode> open = hot.openSessions(tenant.tenant(), 0);
      for (JsonNode session : open) {
        pageViews += session.get("page_views").asLong();
      }
      Map<String, Long> numbers = found.computeIfAbsent(tenant.tenant(), name -> new TreeMap<>());
      numbers.put("live sessions", (long) open.size());
      numbers.put("live page views", pageViews);
    }
  }
}
