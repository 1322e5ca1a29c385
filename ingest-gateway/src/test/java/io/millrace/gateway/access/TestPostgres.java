package io.millrace.gateway.access;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One real PostgreSQL for all tests of the module, each with a database of its own. It ends with
 * the process.
 */
public final class TestPostgres {
  private static EmbeddedPostgres server;
  private static int databases;

  private TestPostgres() {}

  /** A new database with the tables in it. */
  public static synchronized AccessDatabase newDatabase() throws SQLException, IOException {
    if (server == null) {
      server = EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
    }
    String name = "access_" + ++databases;
    execute("CREATE DATABASE " + name);
    AccessDatabase database = at(name);
    database.migrate();
    return database;
  }

  /** Ends all connections to the database and takes no new ones. */
  static void cutOff(AccessDatabase database) throws SQLException {
    String name = nameOf(database);
    execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
  }

  static void reconnect(AccessDatabase database) throws SQLException {
    execute("ALTER DATABASE " + nameOf(database) + " ALLOW_CONNECTIONS true");
  }

  private static String nameOf(AccessDatabase database) {
    return database.jdbcUrl().substring(database.jdbcUrl().lastIndexOf('/') + 1);
  }

  private static AccessDatabase at(String name) {
    return new AccessDatabase(
        "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name, "postgres", "");
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
