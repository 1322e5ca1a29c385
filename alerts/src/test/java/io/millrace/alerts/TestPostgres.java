package io.millrace.alerts;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One real PostgreSQL for all tests of the module, each with a database of its own. */
final class TestPostgres {
  private static EmbeddedPostgres server;
  private static int databases;

  private TestPostgres() {}

  /** A new database with the tables in it. */
  static synchronized AlertsDatabase newDatabase() throws SQLException, IOException {
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

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
