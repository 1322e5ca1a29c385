package io.millrace.standalone.command;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Where {@code millrace sql} sends its statements.
 *
 * @param gateway base URL of the Flink SQL gateway
 * @param catalogStatement the {@code CREATE CATALOG millrace …} that gives access to the lake
 * @param usual values of parameters that nobody gave, such as the tenant
 * @param completeness of the lake that the statements read
 */
public record SqlTarget(
    URI gateway, String catalogStatement, Map<String, String> usual, Completeness completeness) {
  /** Says how fresh the lake is. */
  @FunctionalInterface
  public interface Completeness {
    /** All that had arrived by then is in the lake; empty while nothing is known. */
    Optional<Instant> upTo() throws IOException;
  }

  /** Finds the running platform, when the command needs it. */
  @FunctionalInterface
  public interface Source {
    SqlTarget find() throws IOException;
  }

  @Override
  public String toString() {
    return "SqlTarget[" + gateway + ']'; // the statement holds a password
  }
}
