package io.millrace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** Takes a result as it arrives: the columns once, then each row. */
public interface Rows {
  void columns(List<Column> columns) throws IOException;

  /** One row, a value for each column in their order; a missing value is a JSON null. */
  void row(List<JsonNode> values) throws IOException;
}
