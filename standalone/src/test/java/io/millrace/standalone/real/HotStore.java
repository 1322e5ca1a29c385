package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.domain.hot.HotKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the hot store has of one tenant. */
public final class HotStore implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RedisClient client;
  private final RedisCommands<String, String> redis;
  private final String tenant;

  public HotStore(String uri, String tenant) {
    this.client = RedisClient.create(uri);
    this.redis = client.connect().sync();
    this.tenant = tenant;
  }

  public RedisCommands<String, String> redis() {
    return redis;
  }

  /** What the minutes of all groups sum up to. */
  public List<Long> sum(String... measures) throws Exception {
    List<Long> sums = new ArrayList<>();
    for (String measure : measures) {
      long sum = 0;
      for (String key : redis.keys("millrace:" + tenant + ":metrics:1m:*:all")) {
        for (String stored : redis.hvals(key)) {
          sum += JSON.readTree(HotKeys.json(stored)).get(measure).asLong();
        }
      }
      sums.add(sum);
    }
    return sums;
  }

  /**
   * Every value that is not withdrawn, without its version; but for what goes on with the time: up
   * to when the numbers are complete, and verdicts on the newest windows.
   */
  public Map<String, String> dump() {
    Map<String, String> values = new TreeMap<>();
    for (String key : redis.keys("millrace:" + tenant + ":*")) {
      if (key.equals(HotKeys.completeUpTo(tenant)) || key.equals(HotKeys.verdicts(tenant))) {
        continue;
      }
      switch (redis.type(key)) {
        case "hash" ->
            redis.hgetall(key).forEach((field, value) -> put(values, key + '#' + field, value));
        case "string" -> put(values, key, redis.get(key));
        default -> values.put(key, redis.zrangeWithScores(key, 0, -1).toString());
      }
    }
    return values;
  }

  private static void put(Map<String, String> values, String key, String stored) {
    String json = HotKeys.json(stored);
    if (json != null) {
      values.put(key, json);
    }
  }

  /** Events by session; every one must be closed. */
  public Map<String, Long> sessions() throws Exception {
    Map<String, Long> events = new TreeMap<>();
    for (String key : redis.keys("millrace:" + tenant + ":session:*")) {
      JsonNode session = JSON.readTree(HotKeys.json(redis.get(key)));
      assertThat(session.get("closed").asBoolean()).isTrue();
      events.put(session.get("session_id").asText(), session.get("events").asLong());
    }
    return events;
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
