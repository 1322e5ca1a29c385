package io.millrace.standalone.command;

import io.millrace.gateway.access.AccessDatabase;
import io.millrace.gateway.access.DomainStore;
import io.millrace.gateway.access.KeyStore;
import io.millrace.gateway.access.TenantStore;
import io.millrace.gateway.access.TxtResolver;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Where the commands about tenants, keys and domains find what they change.
 *
 * @param database asked for when a command runs
 * @param config the folder with the platform's own keys
 */
public record AccessPlace(
    Supplier<AccessDatabase> database, Supplier<Path> config, TxtResolver dns, Clock clock) {
  /** What a command works with. */
  record Stores(TenantStore tenants, KeyStore keys, DomainStore domains, Connection connection) {}

  /** What a command does. */
  @FunctionalInterface
  interface Work<T> {
    T on(Stores stores) throws SQLException, IOException;
  }

  /**
   * Does the work, and turns what fails into one sentence and an exit code.
   *
   * @param what for the sentence, for example {@code revoke the key}
   */
  <T> T work(String what, Work<T> work) throws IOException {
    AccessDatabase found = database.get();
    try (Connection connection = found.connect()) {
      return work.on(
          new Stores(
              new TenantStore(connection, clock),
              new KeyStore(connection),
              new DomainStore(connection),
              connection));
    } catch (IllegalArgumentException e) {
      throw new PlatformException(
          ExitCode.REFUSED_INPUT, "Cannot " + what + ": " + e.getMessage(), e);
    } catch (SQLException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot " + what + ": Postgres at " + found.jdbcUrl() + " fails: " + e.getMessage(),
          e);
    }
  }
}
