package io.millrace.jobs.dimensions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The place in the server's log from which the job reads on.
 *
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} (about to be thrown away)
 *     or {@code lost}
 * @param retainedBytes how much of its log the server keeps for the slot; 0 when it is lost
 * @param active whether the job is connected
 */
public record ReplicationSlot(String walStatus, long retainedBytes, boolean active) {
  /** The slot {@value DimensionSource#SLOT}, if there is one. */
  public static Optional<ReplicationSlot> read(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT wal_status, COALESCE(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint,
              active
            FROM pg_replication_slots WHERE slot_name = ?""")) {
      statement.setString(1, DimensionSource.SLOT);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new ReplicationSlot(rows.getString(1), rows.getLong(2), rows.getBoolean(3)))
            : Optional.empty();
      }
    }
  }

  /** Drops the slot {@value DimensionSource#SLOT}, if there is one. */
  public static void drop(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name = ?")) {
      statement.setString(1, DimensionSource.SLOT);
      statement.execute();
    }
  }

  /**
   * Drops the slots that the first reading of tables needs for itself and that a broken connection
   * left behind: nobody would ever read on from them, and the server would keep its log for ever.
   *
   * <p>Not while the job still reads tables: the slot {@value DimensionSource#SLOT} is in use when
   * it has read them all.
   */
  public static int dropLeftovers(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT count(pg_drop_replication_slot(left_over.slot_name))
            FROM pg_replication_slots left_over
            WHERE left_over.slot_name ~ ('^' || ? || '_[0-9]+$') AND NOT left_over.active
              AND EXISTS (SELECT 1 FROM pg_replication_slots WHERE slot_name = ? AND active)""")) {
      statement.setString(1, DimensionSource.SLOT);
      statement.setString(2, DimensionSource.SLOT);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** Whether changes are gone that the job has not seen. */
  public boolean isLost() {
    return "lost".equals(walStatus);
  }

  /** Whether everything that the job has not seen will stay until it has. */
  public boolean isSafe() {
    return !isLost() && !"unreserved".equals(walStatus);
  }
}
