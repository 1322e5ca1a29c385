package io.millrace.gateway.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.util.PSQLState;

/** Creates, changes and revokes write keys. Refusals are {@code IllegalArgumentException}s. */
public final class KeyStore {
  private static final int SHOWN_HASH_DIGITS = 12;

  private final Connection connection;

  /**
   * A key as it is kept: without the key itself.
   *
   * @param hashStart first digits of its SHA-256, to tell keys apart
   * @param revokedAt null while it is valid
   */
  public record StoredKey(
      String tenant,
      String name,
      String hashStart,
      boolean historical,
      boolean serverSide,
      KeyPolicy policy,
      Instant createdAt,
      Instant revokedAt) {}

  public KeyStore(Connection connection) {
    this.connection = connection;
  }

  /** Keeps a new key. */
  public void create(WriteKey key, byte[] sha256) throws SQLException {
    if (!insert(key, sha256, "ON CONFLICT (tenant, name) DO NOTHING")) {
      throw new IllegalArgumentException(
          key.id() + " is there already, or was revoked; give another name");
    }
  }

  /** Keeps a key that may be known already: then it stays as it is, revoked ones too. */
  public boolean createIfMissing(WriteKey key, byte[] sha256) throws SQLException {
    return insert(key, sha256, "ON CONFLICT DO NOTHING");
  }

  /**
   * Keeps a key whose owner may have made a new one under the same name; the same key stays as it
   * is, also when it was revoked.
   */
  public void createOrReplace(WriteKey key, byte[] sha256) throws SQLException {
    insert(
        key,
        sha256,
        "ON CONFLICT (tenant, name) DO UPDATE SET sha256 = excluded.sha256, revoked_at = NULL"
            + " WHERE k.sha256 <> excluded.sha256");
  }

  private boolean insert(WriteKey key, byte[] sha256, String onConflict) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO write_keys AS k (tenant, name, historical, server_side, sha256,"
                + " event_types, origins, requests_per_second, requests_burst, events_per_second,"
                + " events_burst) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                + onConflict)) {
      insert.setString(1, key.tenant());
      insert.setString(2, key.name());
      insert.setBoolean(3, key.historical());
      insert.setBoolean(4, key.serverSide());
      insert.setBytes(5, sha256);
      bind(insert, 6, key.policy());
      return insert.executeUpdate() == 1;
    } catch (SQLException e) {
      if (PSQLState.FOREIGN_KEY_VIOLATION.getState().equals(e.getSQLState())) {
        throw TenantStore.unknown(key.tenant());
      }
      throw e;
    }
  }

  private void bind(PreparedStatement statement, int from, KeyPolicy policy) throws SQLException {
    statement.setArray(
        from, connection.createArrayOf("text", policy.sortedTypes().toArray(new String[0])));
    statement.setArray(
        from + 1,
        connection.createArrayOf("text", policy.origins().texts().toArray(new String[0])));
    bind(statement, from + 2, policy.requests());
    bind(statement, from + 4, policy.events());
  }

  private static void bind(PreparedStatement statement, int from, Rate rate) throws SQLException {
    if (rate == null) {
      statement.setNull(from, Types.INTEGER);
      statement.setNull(from + 1, Types.INTEGER);
    } else {
      statement.setInt(from, rate.perSecond());
      statement.setInt(from + 1, rate.burst());
    }
  }

  /** The keys of a tenant, also revoked ones. */
  public List<StoredKey> list(String tenant) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT * FROM write_keys WHERE tenant = ? ORDER BY name")) {
      query.setString(1, tenant);
      List<StoredKey> keys = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          keys.add(read(row));
        }
      }
      return keys;
    }
  }

  private static StoredKey read(ResultSet row) throws SQLException {
    OffsetDateTime revoked = row.getObject("revoked_at", OffsetDateTime.class);
    return new StoredKey(
        row.getString("tenant"),
        row.getString("name"),
        HexFormat.of().formatHex(row.getBytes("sha256")).substring(0, SHOWN_HASH_DIGITS),
        row.getBoolean("historical"),
        row.getBoolean("server_side"),
        AccessSnapshot.policy(row),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        revoked == null ? null : revoked.toInstant());
  }

  public StoredKey find(WriteKey.Id id) throws SQLException {
    return list(id.tenant()).stream()
        .filter(key -> key.name().equals(id.name()))
        .findFirst()
        .orElseThrow(() -> unknown(id));
  }

  public void change(WriteKey.Id id, KeyPolicy policy) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE write_keys SET event_types = ?, origins = ?, requests_per_second = ?,"
                + " requests_burst = ?, events_per_second = ?, events_burst = ?"
                + " WHERE tenant = ? AND name = ? AND revoked_at IS NULL")) {
      bind(update, 1, policy);
      update.setString(7, id.tenant());
      update.setString(8, id.name());
      requireOne(update.executeUpdate(), id);
    }
  }

  /** Revokes it for good. */
  public void revoke(WriteKey.Id id) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE write_keys SET revoked_at = now()"
                + " WHERE tenant = ? AND name = ? AND revoked_at IS NULL")) {
      update.setString(1, id.tenant());
      update.setString(2, id.name());
      requireOne(update.executeUpdate(), id);
    }
  }

  private void requireOne(int changed, WriteKey.Id id) throws SQLException {
    if (changed == 0) {
      Instant revokedAt = find(id).revokedAt();
      throw new IllegalArgumentException(
          id + " was revoked at " + revokedAt + " for good; create another");
    }
  }

  static IllegalArgumentException unknown(WriteKey.Id id) {
    return new IllegalArgumentException(
        "there is no "
            + id
            + "; \"millrace key list --tenant "
            + id.tenant()
            + "\" shows those there are");
  }
}
