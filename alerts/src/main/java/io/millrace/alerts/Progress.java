package io.millrace.alerts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Up to when the facts are complete, in PostgreSQL. One connection, one thread. */
public final class Progress {
  private final Connection connection;

  public Progress(Connection connection) {
    this.connection = connection;
  }

  /** Keeps when alerts ran for the first time, unless more is known already. */
  public void begin(Instant now) throws SQLException {
    write("INSERT INTO progress (complete_up_to) VALUES (?) ON CONFLICT DO NOTHING", now);
  }

  /** Keeps up to when the facts are complete. */
  public void reach(Instant completeUpTo) throws SQLException {
    write(
        "INSERT INTO progress (complete_up_to) VALUES (?) ON CONFLICT (one) DO UPDATE"
            + " SET complete_up_to = excluded.complete_up_to",
        completeUpTo);
  }

  private void write(String sql, Instant time) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, time.atOffset(ZoneOffset.UTC));
      statement.executeUpdate();
    }
  }

  /** What was kept last; {@link #begin} comes before. */
  public Instant completeUpTo() throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT complete_up_to FROM progress");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }
}
