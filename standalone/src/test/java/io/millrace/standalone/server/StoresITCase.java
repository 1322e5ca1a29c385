package io.millrace.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Postgres and Redis, each as a child process with its data in a folder. */
class StoresITCase {
  @TempDir Path folder;

  @Test
  void postgresKeepsItsPortAndItsRowsOverARestart() throws Exception {
    String url;
    try (PostgresServer postgres = postgres()) {
      url = postgres.jdbcUrl();
      execute(url, "CREATE TABLE kept AS SELECT 7 AS seven");
    }

    try (PostgresServer postgres = postgres()) {
      assertThat(postgres.jdbcUrl()).isEqualTo(url);
      assertThat(query(url, "SELECT seven FROM kept")).isEqualTo("7");
    }
  }

  @Test
  void postgresWritesDurablyAndListensOnLoopbackOnly() throws Exception {
    try (PostgresServer postgres = postgres()) {
      String url = postgres.jdbcUrl();

      assertThat(query(url, "SHOW fsync")).isEqualTo("on");
      assertThat(query(url, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(query(url, "SHOW full_page_writes")).isEqualTo("on");
      assertThat(query(url, "SHOW wal_level")).isEqualTo("logical");
      assertThat(query(url, "SHOW max_slot_wal_keep_size")).isEqualTo("512MB");
      assertThat(query(url, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(url, "SHOW unix_socket_directories")).isEmpty();
    }
  }

  @Test
  void postgresStartsOverAFirstStartThatWasKilled() throws Exception {
    Path home = folder.resolve("postgres");
    Files.createDirectories(home.resolve("bin/PG-half"));
    Files.createDirectories(home.resolve("data"));
    Files.writeString(home.resolve("data/postgresql.conf"), "half written");

    try (PostgresServer postgres = postgres()) {
      assertThat(query(postgres.jdbcUrl(), "SELECT current_database()")).isEqualTo("millrace");
      assertThat(home.resolve("bin/PG-half")).doesNotExist();
    }
  }

  @Test
  void aProcessThatOnlyHasTheIdOfOursIsLeftAlone() throws Exception {
    Path data = Files.createDirectories(folder.resolve("postgres/data"));
    Files.write(
        PostgresServer.pidFile(data), List.of(Long.toString(ProcessHandle.current().pid())));

    assertThat(LeftoverProcess.find(PostgresServer.pidFile(data), PostgresServer.ours(data)))
        .isEmpty();
  }

  @Test
  void redisKeepsItsKeysOverARestart() throws Exception {
    String uri;
    try (RedisServer redis = redis()) {
      uri = redis.uri();
      assertThat(ask(uri, "set", "kept", "7")).isEqualTo("OK");
    }

    try (RedisServer redis = redis()) {
      assertThat(redis.uri()).isEqualTo(uri);
      assertThat(ask(uri, "get", "kept")).isEqualTo("7");
    }
  }

  @Test
  void redisAppendsEverySecondEvictsNothingAndListensOnLoopbackOnly() throws Exception {
    try (RedisServer redis = redis()) {
      RedisClient client = RedisClient.create(redis.uri());
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        assertThat(connection.sync().configGet("appendonly")).containsValue("yes");
        assertThat(connection.sync().configGet("appendfsync")).containsValue("everysec");
        assertThat(connection.sync().configGet("maxmemory-policy")).containsValue("noeviction");
        assertThat(connection.sync().configGet("bind")).containsValue("127.0.0.1");
      } finally {
        client.shutdown();
      }
    }
  }

  private PostgresServer postgres() throws Exception {
    return PostgresServer.start(
        folder.resolve("postgres"), ports(), 0, folder.resolve("logs/postgres.log"));
  }

  private RedisServer redis() throws Exception {
    return RedisServer.start(folder.resolve("redis"), ports(), 0);
  }

  private PortBook ports() {
    return new PortBook(folder.resolve("ports.properties"));
  }

  private static void execute(String url, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, null);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String url, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, null);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static String ask(String uri, String command, String... words) {
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return command.equals("set")
          ? connection.sync().set(words[0], words[1])
          : connection.sync().get(words[0]);
    } finally {
      client.shutdown();
    }
  }
}
