package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the hot store, as a dashboard would. */
public final class HotReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  public HotReader(String uri) {
    client = RedisClient.create(uri);
    connection = client.connect();
  }

  /** Sessions whose last event is not older than that time (epoch ms) and that have not closed. */
  public List<JsonNode> openSessions(String tenant, long since) throws IOException {
    RedisCommands<String, String> redis = connection.sync();
    List<String> ids =
        redis.zrangebyscore(
            HotKeys.sessions(tenant), Range.create(since, Double.POSITIVE_INFINITY));
    List<JsonNode> open = new ArrayList<>();
    if (ids.isEmpty()) {
      return open;
    }
    String[] keys = ids.stream().map(id -> HotKeys.session(tenant, id)).toArray(String[]::new);
    for (KeyValue<String, String> value : redis.mget(keys)) {
      String json = value.hasValue() ? HotKeys.json(value.getValue()) : null;
      if (json != null) {
        JsonNode session = JSON.readTree(json);
        if (!session.get("closed").asBoolean()) {
          open.add(session);
        }
      }
    }
    return open;
  }

  /**
   * A measure of all of a tenant's events, bots among them, in the minute that holds that time
   * (epoch ms).
   */
  public long minute(String tenant, long at, String measure) throws IOException {
    String key =
        HotKeys.metrics(
            tenant, Grouping.ALL.label(), MetricRules.windowStart(at, MetricRules.MINUTE_MS));
    long sum = 0;
    for (String stored : connection.sync().hvals(key)) {
      sum += JSON.readTree(HotKeys.json(stored)).get(measure).asLong();
    }
    return sum;
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
