package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.Dimension;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks whether a database is set up so that its dimensions can be followed. */
public final class SourceCheck {
  private static final String NO_REPLICA_IDENTITY = "n";

  private SourceCheck() {}

  /** What stands in the way, each with what helps; empty when all is well. */
  public static List<String> problems(Connection connection, String schema) throws SQLException {
    List<String> problems = new ArrayList<>();
    String walLevel = first(connection, "SHOW wal_level");
    if (!"logical".equals(walLevel)) {
      problems.add("wal_level is " + walLevel + "; set it to logical and restart the server");
    }
    List<String> published = published(connection, schema);
    if (!published.contains(DimensionSource.HEARTBEAT_TABLE)) {
      problems.add(
          "publication "
              + DimensionSource.PUBLICATION
              + " does not hold "
              + schema
              + '.'
              + DimensionSource.HEARTBEAT_TABLE
              + "; make both, as shop.sql does");
    }
    Map<String, Table> tables = tables(connection, schema);
    for (Dimension dimension : Dimension.values()) {
      String name = dimension.sourceTable();
      Table table = tables.get(name);
      if (table == null) {
        continue;
      }
      table.problem(schema + '.' + name, problems);
      if (!published.contains(name)) {
        // Its rows would be read once, and then never change.
        problems.add(
            "publication "
                + DimensionSource.PUBLICATION
                + " does not hold table "
                + schema
                + '.'
                + name
                + "; add it");
      }
    }
    if (Arrays.stream(Dimension.values()).noneMatch(d -> tables.containsKey(d.sourceTable()))) {
      problems.add(
          "schema " + schema + " has none of the tables links, products, profiles and owners");
    }
    return problems;
  }

  private record Table(List<String> key, String replicaIdentity) {
    void problem(String name, List<String> problems) {
      if (!key.equals(List.of("tenant", "id")) && !key.equals(List.of("id", "tenant"))) {
        problems.add("table " + name + " has the primary key " + key + "; it must be (tenant, id)");
      }
      if (replicaIdentity.equals(NO_REPLICA_IDENTITY)) {
        problems.add(
            "table " + name + " has replica identity NOTHING; it must be DEFAULT, or FULL");
      }
    }
  }

  private static List<String> published(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT tablename FROM pg_publication_tables WHERE pubname = ? AND schemaname = ?")) {
      statement.setString(1, DimensionSource.PUBLICATION);
      statement.setString(2, schema);
      try (ResultSet rows = statement.executeQuery()) {
        List<String> tables = new ArrayList<>();
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
        return tables;
      }
    }
  }

  private static Map<String, Table> tables(Connection connection, String schema)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT t.relname, t.relreplident, a.attname
            FROM pg_class t
            JOIN pg_namespace n ON n.oid = t.relnamespace
            LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
            LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
            WHERE n.nspname = ? AND t.relkind IN ('r', 'p')
            ORDER BY t.relname, array_position(i.indkey::int2[], a.attnum)""")) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        Map<String, Table> tables = new LinkedHashMap<>();
        while (rows.next()) {
          String identity = rows.getString(2);
          Table table =
              tables.computeIfAbsent(
                  rows.getString(1), name -> new Table(new ArrayList<>(), identity));
          if (rows.getString(3) != null) {
            table.key().add(rows.getString(3));
          }
        }
        return tables;
      }
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }
}
