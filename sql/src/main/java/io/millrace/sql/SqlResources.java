package io.millrace.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The SQL files that ship with Millrace. */
public final class SqlResources {
  private static final String ROOT = "/millrace/sql/";

  private SqlResources() {}

  /** The text of a file such as {@code tables/events.sql}. */
  public static String read(String path) throws IOException {
    try (InputStream in = SqlResources.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        throw new IOException("Cannot read " + path + ": no such SQL file ships with Millrace");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
