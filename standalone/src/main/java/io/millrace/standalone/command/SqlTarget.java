package io.millrace.standalone.command;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/**
 * Where {@code millrace sql} sends its statements.
 *
 * @param gateway base URL of the Flink SQL gateway
 * @param catalogStatement the {@code CREATE CATALOG millrace …} that gives access to the lake
 * @param usual values of parameters that nobody gave, such as the tenant
 */
public record SqlTarget(URI gateway, String catalogStatement, Map<String, String> usual) {
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
