package io.millrace.sql;

/**
 * A column of a result.
 *
 * @param type the root of its SQL type as Flink names it, such as {@code BIGINT} or {@code
 *     TIMESTAMP_WITH_LOCAL_TIME_ZONE}
 * @param scale digits after the point of a {@code DECIMAL}; 0 for other types
 */
public record Column(String name, String type, int scale) {
  /** Whether values are numbers, which stand to the right in a table. */
  public boolean isNumeric() {
    return switch (type) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL" -> true;
      default -> false;
    };
  }
}
