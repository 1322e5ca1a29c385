package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

class RedisSinkITCase {
  private static final long NOW = System.currentTimeMillis();
  private static final Duration KEPT = Duration.ofHours(48);

  @TempDir static Path folder;
  private static int port;
  private static RedisServer server;
  private static RedisClient client;

  private final TestProcessingTimeService timers = new TestProcessingTimeService();
  private StatefulRedisConnection<String, String> connection;
  private RedisCommands<String, String> redis;
  private RedisWriter writer;

  @BeforeAll
  static void startServer() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    server = server();
    server.start();
    client = RedisClient.create(uri());
  }

  private static RedisServer server() throws IOException {
    return RedisServer.newRedisServer()
        .bind("127.0.0.1")
        .port(port)
        .setting("dir " + folder)
        .setting("appendonly yes")
        .setting("appendfsync always")
        .build();
  }

  @AfterAll
  static void stopServer() throws IOException {
    client.shutdown();
    server.stop();
  }

  @BeforeEach
  void open() throws Exception {
    connection = client.connect();
    redis = connection.sync();
    redis.flushall();
    timers.setCurrentTime(0);
    writer = new RedisWriter(uri(), timers);
  }

  @AfterEach
  void close() {
    writer.close();
    connection.close();
  }

  @Test
  void keepsAValueUnderItsKeyAndUnderAFieldOfAHash() throws Exception {
    write(value("plain", null, 7, "{\"a\":1}"), value("hash", "human:DE", 8, "{\"b\":2}"));

    assertThat(redis.get("plain")).isEqualTo("7 {\"a\":1}");
    assertThat(redis.hgetall("hash")).containsExactly(Map.entry("human:DE", "8 {\"b\":2}"));
  }

  @Test
  void neverReplacesANewerValueWithAnOlderOne() throws Exception {
    write(value("plain", null, 5, "new"), value("hash", "f", 5, "new"));

    write(value("plain", null, 4, "old"), value("hash", "f", 4, "old"));

    assertThat(redis.get("plain")).isEqualTo("5 new");
    assertThat(redis.hget("hash", "f")).isEqualTo("5 new");
  }

  @Test
  void replacesAValueOfTheSameVersion() throws Exception {
    write(value("plain", null, 5, "first"));
    write(value("plain", null, 5, "second"));

    assertThat(redis.get("plain")).isEqualTo("5 second");
  }

  @Test
  void comparesVersionsAsNumbersHoweverLong() throws Exception {
    write(value("k", null, 9, "one digit"));
    write(value("k", null, 10, "two digits"));
    assertThat(redis.get("k")).isEqualTo("10 two digits");

    write(value("k", null, 9_007_199_254_740_993L, "beyond a double"));
    write(value("k", null, 9_007_199_254_740_992L, "one less"));
    assertThat(redis.get("k")).isEqualTo("9007199254740993 beyond a double");

    write(value("k", null, Long.MAX_VALUE, "last"));
    write(value("k", null, Long.MAX_VALUE - 1, "one less"));
    assertThat(redis.get("k")).isEqualTo(Long.MAX_VALUE + " last");
  }

  @Test
  void keepsAWithdrawnValueWithdrawn() throws Exception {
    write(indexed("k", 3, "alive", NOW));
    assertThat(redis.zscore("index", "k")).isEqualTo((double) NOW);

    write(indexed("k", Long.MAX_VALUE, null, NOW));
    write(indexed("k", 5, "alive again", NOW));

    assertThat(redis.get("k")).isEqualTo(Long.MAX_VALUE + " ");
    assertThat(redis.zscore("index", "k")).isNull();
  }

  @Test
  void movesAMemberOfTheIndexWithItsScore() throws Exception {
    write(indexed("k", 1, "a", NOW - 1_000));
    write(indexed("k", 2, "b", NOW));

    assertThat(redis.zrangeWithScores("index", 0, -1))
        .singleElement()
        .satisfies(member -> assertThat(member.getScore()).isEqualTo(NOW));
  }

  @Test
  void forgetsAValueWhenItsTimeIsOver() throws Exception {
    write(value("k", null, 1, "a"), value("hash", "f", 1, "a"));

    assertThat(redis.pttl("k")).isBetween(1L, KEPT.toMillis());
    assertThat(redis.pttl("hash")).isBetween(1L, KEPT.toMillis());
    write(indexed("past", 1, "a", NOW - KEPT.toMillis() - 1_000));
    assertThat(redis.exists("past")).isZero();
  }

  @Test
  void listsNothingInTheIndexThatItHasForgotten() throws Exception {
    redis.zadd("index", NOW - KEPT.toMillis() - 60_000, "forgotten");

    write(indexed("past", 1, "a", NOW - KEPT.toMillis() - 1_000), indexed("k", 1, "a", NOW));

    assertThat(redis.zrange("index", 0, -1)).containsExactly("k");
  }

  @Test
  void keepsTheFieldsOfAHashThatHaveTheHighestScoresInWhateverOrderTheyCome() throws Exception {
    List<HotWrite> writes = new ArrayList<>();
    for (int page = 0; page < 1_000; page++) {
      for (int views = 1; views <= 1 + page % 10; views++) {
        writes.add(ranked("/p" + page, views, views));
      }
    }
    Random random = new Random(1);
    for (int round = 0; round < 3; round++) {
      redis.flushall();
      Collections.shuffle(writes, random);

      for (HotWrite each : writes) {
        write(each);
      }

      Map<String, String> kept = redis.hgetall("hash");
      assertThat(kept).hasSize(20).containsEntry("/p999", "10 10");
      assertThat(kept.values()).containsOnly("10 10");
      // Of a hundred with ten views the last in the alphabet.
      assertThat(kept.keySet())
          .containsExactlyInAnyOrderElementsOf(redis.zrange("ranks", 0, -1))
          .allMatch(page -> page.compareTo("/p80") > 0);
    }
    assertThat(redis.pttl("ranks")).isBetween(1L, KEPT.toMillis());
  }

  @Test
  void aFieldThatHasLeftComesBackWithItsWholeScore() throws Exception {
    for (int page = 0; page < 20; page++) {
      write(ranked("/p" + page, 1, 5));
    }
    write(ranked("/late", 1, 4));
    assertThat(redis.hexists("hash", "/late")).isFalse();

    write(ranked("/late", 2, 6));

    assertThat(redis.hget("hash", "/late")).isEqualTo("2 6");
    assertThat(redis.zscore("ranks", "/late")).isEqualTo(6.0);
    assertThat(redis.hlen("hash")).isEqualTo(20);
  }

  @Test
  void keepsTheLatestKeysOfABoundedIndexAndForgetsTheOthers() throws Exception {
    for (int i = 0; i < 5; i++) {
      HotWrite write = indexed("k:" + i, 1, "a", NOW + i);
      write.member = Integer.toString(i);
      write.keep = 3;
      write(write);
    }

    assertThat(redis.zrange("index", 0, -1)).containsExactly("2", "3", "4");
    assertThat(redis.keys("k:*")).containsExactlyInAnyOrder("k:2", "k:3", "k:4");
  }

  @Test
  void sendsOnlyTheNewestOfManyValuesOfOneTarget() throws Exception {
    for (int version = 0; version < 1_000; version++) {
      writer.write(value("k", null, version, "v" + version), null);
    }
    writer.write(value("k", null, 500, "late"), null);
    redis.configResetstat();

    writer.flush(false);

    assertThat(redis.get("k")).isEqualTo("999 v999");
    assertThat(redis.info("commandstats")).contains("cmdstat_evalsha:calls=1,");
  }

  @Test
  void sendsATenthOfASecondAfterAWriteWithoutACheckpoint() throws Exception {
    writer.write(value("k", null, 1, "a"), null);
    timers.setCurrentTime(99);
    assertThat(redis.get("k")).isNull();

    timers.setCurrentTime(100);
    assertThat(redis.get("k")).isEqualTo("1 a");

    writer.write(value("k", null, 2, "b"), null);
    timers.setCurrentTime(200);
    assertThat(redis.get("k")).isEqualTo("2 b");
  }

  @Test
  void sendsWithoutWaitingWhenItHoldsMany() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      writer.write(value("k" + i, null, 1, "a"), null);
    }

    assertThat(redis.dbsize()).isEqualTo(2_000);
  }

  @Test
  void losesNothingWhenTheServerGoesAwayAndComesBackWhileItWrites() throws Exception {
    write(value("before", null, 1, "a"));
    server.stop();
    CompletableFuture<Void> flushed =
        CompletableFuture.runAsync(
            () -> {
              try {
                write(value("before", null, 2, "b"), indexed("while", 1, "c", NOW));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await()
        .during(Duration.ofMillis(1_500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> !flushed.isDone());

    server = server();
    server.start();
    await().atMost(Duration.ofSeconds(40)).until(flushed::isDone);

    flushed.get();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> redis.ping().equals("PONG"));
    assertThat(redis.get("before")).isEqualTo("2 b");
    assertThat(redis.get("while")).isEqualTo("1 c");
    assertThat(redis.zrange("index", 0, -1)).containsExactly("while");
  }

  @Test
  void goesOnAfterTheServerHasForgottenItsScript() throws Exception {
    write(value("k", null, 1, "a"));
    redis.scriptFlush();

    write(value("k", null, 2, "b"));

    assertThat(redis.get("k")).isEqualTo("2 b");
  }

  private void write(HotWrite... writes) throws Exception {
    for (HotWrite write : writes) {
      writer.write(write, null);
    }
    writer.flush(false);
  }

  private static HotWrite value(String key, String field, long version, String value) {
    HotWrite write = new HotWrite();
    write.key = key;
    write.field = field;
    write.version = version;
    write.value = value;
    write.expiresAt = NOW + KEPT.toMillis();
    return write;
  }

  private static HotWrite indexed(String key, long version, String value, long at) {
    HotWrite write = value(key, null, version, value);
    write.expiresAt = at + KEPT.toMillis();
    write.index = "index";
    write.member = key;
    write.score = at;
    return write;
  }

  private static HotWrite ranked(String field, long version, long score) {
    HotWrite write = value("hash", field, version, Long.toString(score));
    write.index = "ranks";
    write.member = field;
    write.score = score;
    write.keep = 20;
    return write;
  }

  private static String uri() {
    return "redis://127.0.0.1:" + port;
  }
}
