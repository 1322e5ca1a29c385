package io.millrace.alerts;

import io.millrace.domain.alert.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** What has become of a tenant's messages, for people. */
public final class MessageList {
  private MessageList() {}

  /**
   * A message to one channel.
   *
   * @param createdAt ISO time, UTC
   * @param outcome {@code waiting}, {@code sent} or {@code dead}
   * @param reason of the last failure; null where there was none
   * @param acknowledged whether somebody has seen the alert
   */
  public record Listed(
      String alertId,
      String kind,
      String severity,
      String title,
      String channel,
      String createdAt,
      String outcome,
      int attempts,
      String reason,
      boolean acknowledged) {}

  /** What waits, then the rest, each the newest first. */
  public static List<Listed> read(Connection connection, String tenant, int most)
      throws SQLException {
    List<Listed> list = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT m.*, a.acknowledged_at FROM messages m LEFT JOIN acknowledgements a"
                + " USING (tenant, alert_id) WHERE m.tenant = ?"
                + " ORDER BY m.outcome = 'waiting' DESC, m.number DESC LIMIT ?")) {
      query.setString(1, tenant);
      query.setInt(2, most);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Alert alert = Outbox.read(row.getString("alert"));
          list.add(
              new Listed(
                  alert.id(),
                  alert.kind().label(),
                  alert.severity().label(),
                  alert.title(),
                  row.getString("channel"),
                  row.getObject("created_at", OffsetDateTime.class).toInstant().toString(),
                  row.getString("outcome"),
                  row.getInt("attempts"),
                  row.getString("reason"),
                  row.getObject("acknowledged_at") != null));
        }
      }
    }
    return list;
  }
}
