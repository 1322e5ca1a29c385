package io.millrace.alerts;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One real PostgreSQL for all tests of the module, each with a database of its own. */
public final class TestPostgres {
  private static EmbeddedPostgres server;
  private static int databases;

  private TestPostgres() {}

  /** A new database with the tables in it. */
  public static synchronized AlertsDatabase newDatabase() throws SQLException, IOException {
    if (server == null) {
      server = EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
    }
    String name = "alerts_" + ++databases;
    execute("CREATE DATABASE " + name);
    AlertsDatabase database =
        new AlertsDatabase(
            "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name, "postgres", "");
    database.migrate();
    return database;
  }

  /** Ends all connections to it, and lets nobody in. */
  public static synchronized void lockOut(AlertsDatabase database) throws SQLException {
    execute("ALTER DATABASE " + name(database) + " WITH ALLOW_CONNECTIONS false");
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + name(database)
            + "'");
  }

  public static synchronized void letIn(AlertsDatabase database) throws SQLException {
    execute("ALTER DATABASE " + name(database) + " WITH ALLOW_CONNECTIONS true");
  }

  private static String name(AlertsDatabase database) {
    return database.jdbcUrl().substring(database.jdbcUrl().lastIndexOf('/') + 1);
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
