package io.millrace.gateway.access;

import com.google.common.net.InternetDomainName;
import java.io.IOException;
import java.net.IDN;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postgresql.util.PSQLState;

/**
 * Tracking domains: a host of the tenant's own that leads to the gateway. Requests to it that carry
 * no key are taken as sent with the domain's key, once its owner has shown by a TXT record that the
 * host is theirs. Refusals are {@code IllegalArgumentException}s.
 */
public final class DomainStore {
  private static final int MAX_HOST_LENGTH = 253 - "_millrace.".length();

  private final Connection connection;

  /**
   * @param host lower case, in the form of the DNS
   * @param key the name of the key
   * @param token what the TXT record must say
   * @param verifiedAt null as long as it is pending
   */
  public record StoredDomain(
      String host, String tenant, String key, String token, Instant createdAt, Instant verifiedAt) {
    /** The name of the TXT record that proves it. */
    public String recordName() {
      return "_millrace." + host;
    }
  }

  public DomainStore(Connection connection) {
    this.connection = connection;
  }

  /** Claims a host for a tenant; it does nothing before it is verified. */
  public StoredDomain add(String host, WriteKey.Id key) throws SQLException {
    String name = hostName(host);
    new KeyStore(connection).find(key);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO domains (host, tenant, key, token) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING")) {
      insert.setString(1, name);
      insert.setString(2, key.tenant());
      insert.setString(3, key.name());
      insert.setString(4, KeyHash.newKey());
      if (insert.executeUpdate() == 0) {
        throw new IllegalArgumentException(
            "domain " + name + " of tenant " + key.tenant() + " is there already");
      }
    }
    return find(name, key.tenant());
  }

  /** The form in which the DNS knows a host; refuses what is no full host name. */
  static String hostName(String host) {
    String ascii;
    try {
      ascii = IDN.toASCII(host.strip(), IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      ascii = "";
    }
    boolean isName = InternetDomainName.isValid(ascii) && ascii.length() <= MAX_HOST_LENGTH;
    if (!isName || ascii.endsWith(".") || InternetDomainName.from(ascii).parts().size() < 2) {
      throw new IllegalArgumentException(
          "the host is \""
              + host
              + "\"; give a full host name of at most "
              + MAX_HOST_LENGTH
              + " characters, such as t.example.com");
    }
    return ascii;
  }

  /**
   * Looks for the TXT record, and from then on the domain counts.
   *
   * @return whether the record was there
   * @throws IOException when the DNS does not answer
   */
  public boolean verify(String host, String tenant, TxtResolver dns)
      throws SQLException, IOException {
    StoredDomain domain = find(host, tenant);
    if (domain.verifiedAt() != null) {
      return true;
    }
    if (!dns.texts(domain.recordName()).contains(domain.token())) {
      return false;
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE domains SET verified_at = now() WHERE host = ? AND tenant = ?")) {
      update.setString(1, domain.host());
      update.setString(2, tenant);
      update.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (PSQLState.UNIQUE_VIOLATION.getState().equals(e.getSQLState())) {
        throw new IllegalArgumentException(
            "domain " + domain.host() + " is verified for another tenant; remove it there first");
      }
      throw e;
    }
  }

  public StoredDomain find(String host, String tenant) throws SQLException {
    String name = hostName(host);
    return list(tenant).stream()
        .filter(domain -> domain.host().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name, tenant));
  }

  public List<StoredDomain> list(String tenant) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT * FROM domains WHERE tenant = ? ORDER BY host")) {
      query.setString(1, tenant);
      List<StoredDomain> domains = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          OffsetDateTime verified = row.getObject("verified_at", OffsetDateTime.class);
          domains.add(
              new StoredDomain(
                  row.getString("host"),
                  row.getString("tenant"),
                  row.getString("key"),
                  row.getString("token"),
                  row.getObject("created_at", OffsetDateTime.class).toInstant(),
                  verified == null ? null : verified.toInstant()));
        }
      }
      return domains;
    }
  }

  public void remove(String host, String tenant) throws SQLException {
    String name = hostName(host);
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM domains WHERE host = ? AND tenant = ?")) {
      delete.setString(1, name);
      delete.setString(2, tenant);
      if (delete.executeUpdate() == 0) {
        throw unknown(name, tenant);
      }
    }
  }

  private static IllegalArgumentException unknown(String host, String tenant) {
    return new IllegalArgumentException(
        "tenant "
            + tenant
            + " has no domain "
            + host
            + "; \"millrace domain list --tenant "
            + tenant
            + "\" shows those there are");
  }
}
