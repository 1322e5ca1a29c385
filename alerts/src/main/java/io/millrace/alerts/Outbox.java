package io.millrace.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.alert.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The messages that are to be sent, and what has become of them, in PostgreSQL. One connection, one
 * thread.
 *
 * <p>A message is leased while it is sent: a sender that was killed has it until the lease ends,
 * and then it is sent again, under the same id. To one channel goes one message at a time, and of
 * one alert in order, so that nothing recovers before it was told of.
 */
public final class Outbox {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of two that ask at once, one waits; else both could take messages for one channel. */
  private static final long TAKING = 5_617_021_943L;

  private final Connection connection;
  private final Clock clock;

  /** How many messages there are: all = waiting + sent + dead. */
  public record Counts(long waiting, long sent, long dead) {}

  /**
   * A message that is not there yet, or never will be.
   *
   * @param reason of the last failure; null before the first
   * @param dead whether it is tried no more
   */
  public record Pending(
      String tenant,
      String channel,
      String messageId,
      Instant createdAt,
      int attempts,
      String reason,
      boolean dead) {}

  public Outbox(Connection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  /**
   * Keeps a tenant's alerts, and what is to be sent of them, in one transaction. What is there
   * already stays as it is.
   *
   * @param machineState of {@link io.millrace.domain.alert.AlertMachine}
   * @return how many messages are new
   */
  public int save(String tenant, String machineState, List<Alert> alerts) throws SQLException {
    connection.setAutoCommit(false);
    try {
      int added = 0;
      for (Alert alert : alerts) {
        for (String channel : alert.channels()) {
          added += add(alert, channel);
        }
      }
      keep(tenant, machineState);
      connection.commit();
      return added;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private int add(Alert alert, String channel) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO messages (tenant, message_id, channel, alert_id, alert, created_at,"
                + " next_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, alert.tenant());
      insert.setString(2, alert.messageId());
      insert.setString(3, channel);
      insert.setString(4, alert.id());
      insert.setString(5, write(alert));
      insert.setObject(6, now());
      insert.setObject(7, now());
      return insert.executeUpdate();
    }
  }

  private void keep(String tenant, String machineState) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO machines (tenant, state, changed_at) VALUES (?, ?, ?) ON CONFLICT (tenant)"
                + " DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at")) {
      upsert.setString(1, tenant);
      upsert.setString(2, machineState);
      upsert.setObject(3, now());
      upsert.executeUpdate();
    }
  }

  /** What was kept of a tenant's alerts last, or nothing. */
  public Optional<String> machineState(String tenant) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT state FROM machines WHERE tenant = ?")) {
      query.setString(1, tenant);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** Whose alerts are kept. */
  public List<String> machines() throws SQLException {
    List<String> tenants = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement("SELECT tenant FROM machines");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        tenants.add(row.getString(1));
      }
    }
    return tenants;
  }

  /** Forgets what a tenant's alerts remember; what is to be sent stays. */
  public void endMachine(String tenant) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM machines WHERE tenant = ?")) {
      delete.setString(1, tenant);
      delete.executeUpdate();
    }
  }

  /** Leases the message that is due longest, or nothing. */
  Optional<Parcel> take(Duration lease) throws SQLException {
    connection.setAutoCommit(false);
    try {
      Optional<Parcel> taken = takeLocked(lease);
      connection.commit();
      return taken;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private Optional<Parcel> takeLocked(Duration lease) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      lock.setLong(1, TAKING);
      lock.execute();
    }
    try (PreparedStatement take =
        connection.prepareStatement(
            "UPDATE messages SET leased_until = ?, attempts = attempts + 1 WHERE number ="
                + " (SELECT m.number FROM messages m WHERE m.outcome = 'waiting' AND m.next_at <= ?"
                + " AND coalesce(m.leased_until <= ?, true) AND NOT EXISTS"
                + " (SELECT 1 FROM messages o WHERE o.outcome = 'waiting' AND o.tenant = m.tenant"
                + " AND o.channel = m.channel AND (o.leased_until > ?"
                + " OR (o.alert_id = m.alert_id AND o.number < m.number)))"
                + " ORDER BY m.next_at, m.number LIMIT 1)"
                + " RETURNING number, tenant, channel, alert, created_at, attempts")) {
      take.setObject(1, now().plus(lease));
      take.setObject(2, now());
      take.setObject(3, now());
      take.setObject(4, now());
      try (ResultSet row = take.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Parcel(
                row.getLong("number"),
                row.getString("tenant"),
                row.getString("channel"),
                read(row.getString("alert")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts")));
      }
    }
  }

  void sent(Parcel parcel) throws SQLException {
    end(parcel, "sent", null);
  }

  void dead(Parcel parcel, String reason) throws SQLException {
    end(parcel, "dead", reason);
  }

  private void end(Parcel parcel, String outcome, String reason) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE messages SET outcome = ?, reason = coalesce(?, reason), ended_at = ?,"
                + " leased_until = NULL WHERE number = ?")) {
      update.setString(1, outcome);
      update.setString(2, reason);
      update.setObject(3, now());
      update.setLong(4, parcel.number());
      update.executeUpdate();
    }
  }

  void failed(Parcel parcel, String reason, Duration pause) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE messages SET reason = ?, next_at = ?, leased_until = NULL WHERE number = ?")) {
      update.setString(1, reason);
      update.setObject(2, now().plus(pause));
      update.setLong(3, parcel.number());
      update.executeUpdate();
    }
  }

  /** Forgets what ended before. */
  int forget(Duration olderThan) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM messages WHERE ended_at < ?")) {
      delete.setObject(1, now().minus(olderThan));
      return delete.executeUpdate();
    }
  }

  public Counts counts() throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT count(*) FILTER (WHERE outcome = 'waiting'),"
                    + " count(*) FILTER (WHERE outcome = 'sent'),"
                    + " count(*) FILTER (WHERE outcome = 'dead') FROM messages");
        ResultSet row = query.executeQuery()) {
      row.next();
      return new Counts(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  /** What has failed at least once and waits, or is dead, oldest first. */
  public List<Pending> troubled() throws SQLException {
    List<Pending> pending = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT * FROM messages WHERE outcome <> 'sent' AND reason IS NOT NULL"
                    + " ORDER BY number");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        pending.add(
            new Pending(
                row.getString("tenant"),
                row.getString("channel"),
                row.getString("message_id"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                row.getString("reason"),
                row.getString("outcome").equals("dead")));
      }
    }
    return pending;
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static String write(Alert alert) {
    try {
      return JSON.writeValueAsString(alert);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Alert " + alert.messageId() + " cannot be written", e);
    }
  }

  static Alert read(String json) {
    try {
      return JSON.readValue(json, Alert.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An alert in the outbox cannot be read", e);
    }
  }
}
