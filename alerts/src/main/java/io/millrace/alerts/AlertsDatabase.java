package io.millrace.alerts;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGProperty;

/**
 * The PostgreSQL that holds the alerts that are to be sent.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}
 * @param password may be empty
 */
public record AlertsDatabase(String jdbcUrl, String user, String password) {
  /** The schema of its tables, beside whatever else is in the database. */
  public static final String SCHEMA = "alerts";

  private static final String CONNECT_SECONDS = "3";
  private static final String ANSWER_SECONDS = "5";

  /** Creates the tables, or brings those of an earlier version up to date. */
  public void migrate() {
    try {
      Flyway.configure()
          .dataSource(jdbcUrl, user, password)
          .schemas(SCHEMA)
          .locations("classpath:io/millrace/alerts/schema")
          .placeholders(Map.of("schema", SCHEMA))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new IllegalStateException(
          "Cannot prepare the tables of alerts in " + jdbcUrl + ": " + e.getMessage(), e);
    }
  }

  /** A connection whose every call ends within seconds, also when the server has gone silent. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, user);
    PGProperty.PASSWORD.set(properties, password);
    PGProperty.CURRENT_SCHEMA.set(properties, SCHEMA);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, ANSWER_SECONDS);
    PGProperty.APPLICATION_NAME.set(properties, "millrace-alerts");
    return DriverManager.getConnection(jdbcUrl, properties);
  }

  @Override
  public String toString() {
    return "AlertsDatabase[" + jdbcUrl + ']'; // without the password
  }
}
