package io.millrace.sql;

import java.util.Set;

/** Tells statements that only read from those that may change something. */
public final class WriteGuard {
  private static final Set<String> READING =
      Set.of(
          "SELECT", "WITH", "VALUES", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "USE", "SET", "RESET");

  private WriteGuard() {}

  /** Refuses a statement that does more than read. */
  public static void requireReading(String statement) {
    // A statement may open with a parenthesis, as in (SELECT …) UNION ALL (SELECT …).
    String opening = SqlScript.opening(statement).replaceFirst("^[(\\s]+", "");
    String keyword = opening.split("[^A-Z]", 2)[0];
    if (READING.contains(keyword) || opening.startsWith("CREATE TEMPORARY VIEW ")) {
      return;
    }
    throw new SqlException(
        "Refused %s: it may change data or settings; give --write to allow it".formatted(keyword),
        statement);
  }
}
