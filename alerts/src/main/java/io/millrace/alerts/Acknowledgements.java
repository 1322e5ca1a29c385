package io.millrace.alerts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Which alerts people have seen, in PostgreSQL. One connection, one thread. */
public final class Acknowledgements {
  private final Connection connection;
  private final Clock clock;

  /** Somebody has seen an alert. */
  public record Seen(String tenant, String alertId) {}

  public Acknowledgements(Connection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  /**
   * Keeps that somebody has seen it; a second time changes nothing.
   *
   * @return whether the tenant has such an alert
   */
  public boolean add(String tenant, String alertId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM messages WHERE tenant = ? AND alert_id = ?")) {
      query.setString(1, tenant);
      query.setString(2, alertId);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return false;
        }
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO acknowledgements (tenant, alert_id, acknowledged_at) VALUES (?, ?, ?)"
                + " ON CONFLICT DO NOTHING")) {
      insert.setString(1, tenant);
      insert.setString(2, alertId);
      insert.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
      insert.executeUpdate();
    }
    return true;
  }

  /** All that are not forgotten. */
  public List<Seen> all() throws SQLException {
    List<Seen> all = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT tenant, alert_id FROM acknowledgements");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        all.add(new Seen(row.getString("tenant"), row.getString("alert_id")));
      }
    }
    return all;
  }

  /** Forgets those of before. */
  void forget(Duration olderThan) throws SQLException {
    OffsetDateTime before = clock.instant().minus(olderThan).atOffset(ZoneOffset.UTC);
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM acknowledgements WHERE acknowledged_at < ?")) {
      delete.setObject(1, before);
      delete.executeUpdate();
    }
  }
}
