package io.millrace.jobs.kit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers writes, the newest per target, and sends them in one pipeline a few times a second and
 * before a checkpoint.
 */
final class RedisWriter implements SinkWriter<HotWrite> {
  private static final Logger LOG = LoggerFactory.getLogger(RedisWriter.class);
  private static final int MAX_PENDING = 2_000;
  private static final long INTERVAL_MS = 100;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * KEYS: the value's key, the index. ARGV: field or empty, version, JSON or empty (withdrawn),
   * expiry, member, score. A value is stored as version, space, JSON. Members of an index do not
   * expire by themselves, so each write clears away those as old as a value is when it does.
   */
  private static final String SCRIPT =
      """
      local old
      if ARGV[1] == '' then old = redis.call('GET', KEYS[1]) else old = redis.call('HGET', KEYS[1], ARGV[1]) end
      if old then
        local had, wants = string.match(old, '^%d+'), ARGV[2]
        if #had > #wants or (#had == #wants and had > wants) then return 0 end
      end
      local value = ARGV[2] .. ' ' .. ARGV[3]
      if ARGV[1] == '' then redis.call('SET', KEYS[1], value) else redis.call('HSET', KEYS[1], ARGV[1], value) end
      redis.call('PEXPIREAT', KEYS[1], ARGV[4])
      if KEYS[2] then
        if ARGV[3] == '' then redis.call('ZREM', KEYS[2], ARGV[5]) else redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5]) end
        local time, kept = redis.call('TIME'), ARGV[4] - ARGV[6]
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', time[1] * 1000 + time[2] / 1000 - kept))
      end
      return 1
      """;

  private final RedisClient client;
  private final ProcessingTimeService timers;
  private final Map<String, HotWrite> pending = new LinkedHashMap<>();
  private StatefulRedisConnection<String, String> connection;
  private String script;

  RedisWriter(String uri, ProcessingTimeService timers) {
    this.client = RedisClient.create(uri);
    this.timers = timers;
    scheduleFlush();
  }

  @Override
  public void write(HotWrite write, Context context) throws IOException, InterruptedException {
    pending.merge(
        write.target(), write, (old, young) -> young.version >= old.version ? young : old);
    if (pending.size() >= MAX_PENDING) {
      flush(false);
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    while (!pending.isEmpty()) {
      try {
        send();
        pending.clear();
      } catch (RedisException | ExecutionException | TimeoutException e) {
        LOG.warn(
            "Cannot write {} values to the hot store: {}; trying again in {} s",
            pending.size(),
            e.toString(), // a timeout has no message
            RETRY_AFTER.toSeconds());
        disconnect();
        TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
      }
    }
  }

  private void send() throws ExecutionException, InterruptedException, TimeoutException {
    if (connection == null) {
      connection = client.connect();
      connection.setAutoFlushCommands(false);
      Future<String> loaded = connection.async().scriptLoad(SCRIPT);
      connection.flushCommands();
      script = loaded.get(10, TimeUnit.SECONDS);
    }

    RedisAsyncCommands<String, String> commands = connection.async();
    List<Future<Long>> answers = new ArrayList<>(pending.size());
    for (HotWrite write : pending.values()) {
      String[] keys =
          write.index == null ? new String[] {write.key} : new String[] {write.key, write.index};
      answers.add(
          commands.evalsha(
              script,
              ScriptOutputType.INTEGER,
              keys,
              write.field == null ? "" : write.field,
              Long.toString(write.version),
              write.value == null ? "" : write.value,
              Long.toString(write.expiresAt),
              write.member == null ? "" : write.member,
              Double.toString(write.score)));
    }
    connection.flushCommands();
    for (Future<Long> answer : answers) {
      answer.get(10, TimeUnit.SECONDS);
    }
  }

  private void scheduleFlush() {
    timers.registerTimer(
        timers.getCurrentProcessingTime() + INTERVAL_MS,
        at -> {
          flush(false);
          scheduleFlush();
        });
  }

  private void disconnect() {
    if (connection != null) {
      connection.closeAsync();
      connection = null;
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
