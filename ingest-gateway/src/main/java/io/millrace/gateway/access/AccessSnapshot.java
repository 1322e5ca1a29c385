package io.millrace.gateway.access;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All valid keys and domains as they were at one moment.
 *
 * @param change number of the last change that is in it
 * @param byHash by SHA-256
 * @param byHost the keys of verified tracking domains
 * @param settings of every tenant; the same object as before when they are the same
 * @param unreadable what was left out or kept from before because it could not be understood
 */
record AccessSnapshot(
    long change,
    Map<ByteBuffer, WriteKey> byHash,
    Map<String, WriteKey> byHost,
    Map<String, TenantSettings> settings,
    List<String> unreadable) {
  static final AccessSnapshot NONE =
      new AccessSnapshot(-1, Map.of(), Map.of(), Map.of(), List.of());

  static long change(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT number FROM changes")) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Reads all of it.
   *
   * @param connection in a transaction that sees one moment
   * @param before where a row that somebody has spoilt by hand keeps its last good form from
   */
  static AccessSnapshot read(Connection connection, AccessSnapshot before) throws SQLException {
    long change = change(connection);
    List<String> unreadable = new ArrayList<>();
    Map<String, TenantSettings> settings = settings(connection, before, unreadable);
    Map<ByteBuffer, WriteKey> byHash = new HashMap<>();
    Map<WriteKey.Id, WriteKey> byId = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT * FROM write_keys WHERE revoked_at IS NULL")) {
      while (row.next()) {
        ByteBuffer hash = ByteBuffer.wrap(row.getBytes("sha256"));
        WriteKey key = read(row, settings, before.byHash().get(hash), unreadable);
        if (key != null) { // else it never was understood
          byHash.put(hash, key);
          byId.put(key.id(), key);
        }
      }
    }
    return new AccessSnapshot(change, byHash, hosts(connection, byId), settings, unreadable);
  }

  private static Map<String, TenantSettings> settings(
      Connection connection, AccessSnapshot before, List<String> unreadable) throws SQLException {
    Map<String, TenantSettings> settings = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT name, settings FROM tenants")) {
      while (row.next()) {
        String tenant = row.getString("name");
        TenantSettings known = before.settings().get(tenant);
        try {
          TenantSettings now = TenantSettings.parse(row.getString("settings"));
          settings.put(tenant, now.equals(known) ? known : now);
        } catch (IllegalArgumentException e) {
          unreadable.add("tenant " + tenant + ": " + e.getMessage());
          if (known != null) {
            settings.put(tenant, known);
          }
        }
      }
    }
    return settings;
  }

  private static WriteKey read(
      ResultSet row, Map<String, TenantSettings> settings, WriteKey before, List<String> unreadable)
      throws SQLException {
    TenantSettings ofTenant = settings.get(row.getString("tenant"));
    if (ofTenant == null) {
      return null; // they never were understood, and without them its events could be kept wrongly
    }
    try {
      return new WriteKey(
          row.getString("tenant"),
          row.getString("name"),
          row.getBoolean("historical"),
          row.getBoolean("server_side"),
          policy(row),
          ofTenant);
    } catch (IllegalArgumentException e) {
      unreadable.add(
          new WriteKey.Id(row.getString("tenant"), row.getString("name")) + ": " + e.getMessage());
      return before;
    }
  }

  static KeyPolicy policy(ResultSet row) throws SQLException {
    return new KeyPolicy(
        Set.copyOf(texts(row, "event_types")),
        AllowedOrigins.of(texts(row, "origins")),
        rate(row, "requests"),
        rate(row, "events"));
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return List.of((String[]) array.getArray());
  }

  private static Rate rate(ResultSet row, String of) throws SQLException {
    int perSecond = row.getInt(of + "_per_second");
    return row.wasNull() ? null : new Rate(perSecond, row.getInt(of + "_burst"));
  }

  private static Map<String, WriteKey> hosts(Connection connection, Map<WriteKey.Id, WriteKey> keys)
      throws SQLException {
    Map<String, WriteKey> byHost = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT host, tenant, key FROM domains WHERE verified_at IS NOT NULL")) {
      while (row.next()) {
        WriteKey key = keys.get(new WriteKey.Id(row.getString("tenant"), row.getString("key")));
        if (key != null) { // else the key was revoked
          byHost.put(row.getString("host"), key);
        }
      }
    }
    return byHost;
  }
}
