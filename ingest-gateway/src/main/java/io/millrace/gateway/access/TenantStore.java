package io.millrace.gateway.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Creates, changes and deletes tenants. What is refused is an {@code IllegalArgumentException}. */
public final class TenantStore {
  private static final String SELECT =
      "SELECT t.name, t.settings, t.created_at,"
          + " (SELECT count(*) FROM write_keys k WHERE k.tenant = t.name AND k.revoked_at IS NULL)"
          + " AS keys,"
          + " coalesce((SELECT events FROM events_per_day d WHERE d.tenant = t.name AND d.day = ?),"
          + " 0) AS events_today FROM tenants t ";

  private final Connection connection;
  private final Clock clock;

  /**
   * @param keys how many are valid
   * @param eventsToday of the UTC day, about a second old
   */
  public record StoredTenant(
      String name, TenantSettings settings, Instant createdAt, int keys, long eventsToday) {}

  public TenantStore(Connection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  public void create(String name, TenantSettings settings) throws SQLException {
    if (!createIfMissing(name, settings)) {
      throw new IllegalArgumentException("tenant " + name + " is there already; give another name");
    }
  }

  /** Returns whether it is new. */
  public boolean createIfMissing(String name, TenantSettings settings) throws SQLException {
    WriteKey.requireTenant(name);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO tenants (name, settings) VALUES (?, ?::jsonb) ON CONFLICT DO NOTHING")) {
      insert.setString(1, name);
      insert.setString(2, settings.toString());
      return insert.executeUpdate() == 1;
    }
  }

  public List<StoredTenant> list() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SELECT + "ORDER BY t.name")) {
      query.setObject(1, today());
      return read(query);
    }
  }

  public StoredTenant find(String name) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SELECT + "WHERE t.name = ?")) {
      query.setObject(1, today());
      query.setString(2, name);
      List<StoredTenant> found = read(query);
      if (found.isEmpty()) {
        throw unknown(name);
      }
      return found.get(0);
    }
  }

  private static List<StoredTenant> read(PreparedStatement query) throws SQLException {
    List<StoredTenant> tenants = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        tenants.add(
            new StoredTenant(
                row.getString("name"),
                TenantSettings.parse(row.getString("settings")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("keys"),
                row.getLong("events_today")));
      }
    }
    return tenants;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  public void change(String name, TenantSettings settings) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE tenants SET settings = ?::jsonb WHERE name = ?")) {
      update.setString(1, settings.toString());
      update.setString(2, name);
      if (update.executeUpdate() == 0) {
        throw unknown(name);
      }
    }
  }

  /**
   * Deletes a tenant that has no valid keys, with its withdrawn keys and its domains. Its events
   * stay in the lake.
   */
  public void delete(String name) throws SQLException {
    int keys = find(name).keys();
    if (keys > 0) {
      throw new IllegalArgumentException(
          "tenant "
              + name
              + " has "
              + keys
              + " valid write keys, whose senders would be turned away; revoke them first, or"
              + " delete it with its keys");
    }
    deleteWithKeys(name);
  }

  /** As {@link #delete}, whatever keys it has. */
  public void deleteWithKeys(String name) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM tenants WHERE name = ?")) {
      delete.setString(1, name);
      if (delete.executeUpdate() == 0) {
        throw unknown(name);
      }
    }
  }

  static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "there is no tenant \"" + name + "\"; \"millrace tenant list\" shows those there are");
  }
}
