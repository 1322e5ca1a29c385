package io.millrace.standalone.dimensions;

import io.millrace.domain.dimension.Dimension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Seeded changes of all tables of the sample schema, and what each row was in turn.
 *
 * <p>A row is written as its owner or plan, and its attributes.
 */
final class ShopChanges {
  private static final int IDS = 8;

  /** By table and id: what the row was, each once in a row, null where it was deleted. */
  final TreeMap<String, List<String>> history = new TreeMap<>();

  private final Connection connection;
  private final Random random;
  private String attribute;

  ShopChanges(Connection connection, long seed) {
    this.connection = connection;
    this.random = new Random(seed);
  }

  /** From now on, links have one column more. */
  void addColumn() throws SQLException {
    execute("ALTER TABLE shop.links ADD COLUMN badge text");
    attribute = "badge";
    // Rows that exist do not change by that: their history goes on when they are written next.
  }

  void make(int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      Dimension dimension = Dimension.values()[random.nextInt(Dimension.values().length)];
      change(dimension, "id" + random.nextInt(IDS));
      // Changes in the same ms leave one version, and here each shall leave its own.
      execute("SELECT pg_sleep(0.002)");
    }
  }

  private void change(Dimension dimension, String id) throws SQLException {
    List<String> versions =
        history.computeIfAbsent(dimension.sourceTable() + '/' + id, key -> new ArrayList<>());
    String now = versions.isEmpty() ? null : versions.get(versions.size() - 1);
    String table = "shop." + dimension.sourceTable();
    if (now != null && random.nextInt(5) == 0) {
      execute("DELETE FROM " + table + " WHERE id = '" + id + "'");
      versions.add(null);
      return;
    }
    String text = "text " + random.nextInt(3);
    boolean badged = dimension == Dimension.LINKS && attribute != null;
    String column = dimension == Dimension.OWNERS ? "plan" : "owner_id";
    execute(
        String.format(
            "INSERT INTO %s (tenant, id, %s%s) VALUES ('t', '%s', '%s'%s)"
                + " ON CONFLICT (tenant, id) DO UPDATE SET %s = excluded.%s%s",
            table,
            column,
            badged ? ", badge" : "",
            id,
            text,
            badged ? ", 'new'" : "",
            column,
            column,
            badged ? ", badge = excluded.badge" : ""));
    String row = text + (badged ? " {\"badge\":\"new\"}" : " null");
    if (!row.equals(now)) {
      versions.add(row);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
