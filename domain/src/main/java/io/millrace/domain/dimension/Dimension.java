package io.millrace.domain.dimension;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What events name by an id and a database describes: one table there, one in the lake. */
public enum Dimension {
  LINKS(
      "links", "owner_id", "title", "url", "custom_domain", "campaign", "spend_cents", "currency"),
  PRODUCTS("products", "owner_id", "title", "url", "price_cents", "currency"),
  PROFILES("profiles", "owner_id", "title", "username", "url", "custom_domain"),
  OWNERS("owners", "name", "plan", "custom_domain");

  private static final Set<String> ALL_HAVE = Set.of("tenant", "id", "created_at", "updated_at");

  private final String sourceTable;
  private final Set<String> columns;

  Dimension(String sourceTable, String... columns) {
    this.sourceTable = sourceTable;
    this.columns = Set.of(columns);
  }

  /** Name of the table that the rows come from, without its schema. */
  public String sourceTable() {
    return sourceTable;
  }

  /** Name of the table in namespace {@code lake}. */
  public String lakeTable() {
    return "dim_" + sourceTable;
  }

  /** Whether the lake's table has such a column; what it has not is an attribute. */
  public boolean knows(String column) {
    return ALL_HAVE.contains(column) || columns.contains(column);
  }

  /** The dimension whose rows come from this table; none for other tables. */
  public static Optional<Dimension> ofSourceTable(String table) {
    return Arrays.stream(values()).filter(d -> d.sourceTable.equals(table)).findFirst();
  }
}
