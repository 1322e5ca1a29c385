package io.millrace.standalone.dimensions;

import io.millrace.jobs.dimensions.DimensionSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The sample schema {@value #NAME} in the Postgres of our own, to try dimensions with. */
public final class ShopSchema {
  public static final String NAME = "shop";

  private static final String FILE = "/millrace/dimensions/shop.sql";

  private ShopSchema() {}

  /**
   * Makes the schema where it is missing, with its first rows if there are some.
   *
   * @param firstRows a file of SQL that is run once, with the schema; may be missing
   */
  public static void createMissing(Connection connection, Path firstRows)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (exists(statement)) {
        return;
      }
      statement.execute(read());
      if (Files.exists(firstRows)) {
        statement.execute(Files.readString(firstRows));
      }
      connection.commit();
    } finally {
      connection.rollback(); // of nothing, unless it failed half-way
      connection.setAutoCommit(true);
    }
  }

  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet found =
        statement.executeQuery(
            "SELECT to_regclass('"
                + NAME
                + '.'
                + DimensionSource.HEARTBEAT_TABLE
                + "') IS NOT NULL")) {
      found.next();
      return found.getBoolean(1);
    }
  }

  private static String read() throws IOException {
    try (InputStream in = DimensionSource.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException("Cannot find " + FILE + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
