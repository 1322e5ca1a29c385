package io.millrace.jobs.kit;

import com.google.common.collect.Lists;
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
import java.util.stream.Stream;
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

  /** As many values go in one call: calls cost more than what they do. */
  private static final int PER_CALL = 100;

  /**
   * For each value two KEYS: its own and the index's, which may be empty, and seven ARGV: field or
   * empty, version, JSON or empty (withdrawn), expiry, member, score, how many members the index
   * keeps. A value is stored as version, space, JSON. Members of an index of times do not expire by
   * themselves, so each call clears away those as old as a value is when it does. What an index
   * does not keep goes once per call, with its value.
   */
  private static final String SCRIPT =
      """
      local time, cleared, bounded = redis.call('TIME'), {}, {}
      for i = 0, #KEYS / 2 - 1 do
        local key, index = KEYS[2 * i + 1], KEYS[2 * i + 2]
        local field, version, json = ARGV[7 * i + 1], ARGV[7 * i + 2], ARGV[7 * i + 3]
        local expiry, member, score = ARGV[7 * i + 4], ARGV[7 * i + 5], ARGV[7 * i + 6]
        local keep = tonumber(ARGV[7 * i + 7])
        local old
        if field == '' then old = redis.call('GET', key) else old = redis.call('HGET', key, field) end
        local had = old and string.match(old, '^%d+') or ''
        if not (#had > #version or (#had == #version and had > version)) then
          local value = version .. ' ' .. json
          if field == '' then redis.call('SET', key, value) else redis.call('HSET', key, field, value) end
          redis.call('PEXPIREAT', key, expiry)
          if index ~= '' then
            if json == '' then redis.call('ZREM', index, member) else redis.call('ZADD', index, score, member) end
            if field ~= '' then
              redis.call('PEXPIREAT', index, expiry)
            elseif not cleared[index] then
              cleared[index] = true
              redis.call('ZREMRANGEBYSCORE', index, '-inf', string.format('%.0f', time[1] * 1000 + time[2] / 1000 - (expiry - score)))
            end
            if keep > 0 then
              bounded[index] = {keep, field, field == '' and string.sub(key, 1, #key - #member) or key}
            end
          end
        end
      end
      for index, bound in pairs(bounded) do
        local over = redis.call('ZCARD', index) - bound[1]
        if over > 0 then
          local out = redis.call('ZPOPMIN', index, over)
          for i = 1, #out, 2 do
            if bound[2] == '' then redis.call('DEL', bound[3] .. out[i]) else redis.call('HDEL', bound[3], out[i]) end
          end
        end
      end
      return #KEYS / 2
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
    List<Future<Long>> answers = new ArrayList<>();
    for (List<HotWrite> some : Lists.partition(List.copyOf(pending.values()), PER_CALL)) {
      answers.add(commands.evalsha(script, ScriptOutputType.INTEGER, keys(some), arguments(some)));
    }
    connection.flushCommands();
    for (Future<Long> answer : answers) {
      answer.get(10, TimeUnit.SECONDS);
    }
  }

  private static String[] keys(List<HotWrite> writes) {
    return writes.stream()
        .flatMap(write -> Stream.of(write.key, orEmpty(write.index)))
        .toArray(String[]::new);
  }

  private static String[] arguments(List<HotWrite> writes) {
    return writes.stream()
        .flatMap(
            write ->
                Stream.of(
                    orEmpty(write.field),
                    Long.toString(write.version),
                    orEmpty(write.value),
                    Long.toString(write.expiresAt),
                    orEmpty(write.member),
                    Double.toString(write.score),
                    Integer.toString(write.keep)))
        .toArray(String[]::new);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
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
