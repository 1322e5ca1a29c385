package io.millrace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Puts the rows of every {@code given_<table>.csv} into the lake, with one Flink job.
 *
 * <p>A header names columns and the table gives their types. An empty cell is NULL. A column that
 * no header names has the value of {@code defaults_<table>.csv}. A cell of a sketch is its
 * visitors.
 */
final class GivenRows {
  /** Those for which there are rows. */
  static final List<String> TABLES =
      List.of(
          "events",
          "sessions",
          "metrics_15m",
          "duplicates",
          "dead_letters",
          "ledger",
          "conversions",
          "attribution",
          "funnel_steps",
          "anomalies",
          "forecasts",
          "dim_links",
          "dim_products",
          "dim_profiles",
          "dim_owners");

  private GivenRows() {}

  static void insert(SqlClient sql, Path folder) throws Exception {
    StringBuilder script = new StringBuilder("EXECUTE STATEMENT SET BEGIN\n");
    for (String table : TABLES) {
      List<Map<String, String>> rows = rows(folder, table);
      script.append(insert(table, rows, types(sql, table))).append(";\n");
    }
    for (String statement : SqlScript.parse(script + "END;").statements()) {
      sql.execute(statement);
    }
  }

  private static List<Map<String, String>> rows(Path folder, String table) throws IOException {
    Map<String, String> defaults = new HashMap<>();
    for (Path file : files(folder, "defaults_" + table + ".csv")) {
      read(file).forEach(defaults::putAll);
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (Path file : files(folder, "given_" + table + ".csv")) {
      for (Map<String, String> given : read(file)) {
        Map<String, String> row = new HashMap<>(defaults);
        row.putAll(given);
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Path> files(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(name)).sorted().toList();
    }
  }

  private static List<Map<String, String>> read(Path file) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser csv = CSVParser.parse(Files.newBufferedReader(file), format)) {
      return csv.stream().map(CSVRecord::toMap).toList();
    }
  }

  private static Map<String, String> types(SqlClient sql, String table) throws Exception {
    Map<String, String> types = new HashMap<>();
    sql.query(
        "SELECT * FROM lake." + table + " WHERE FALSE",
        new Rows() {
          @Override
          public void columns(List<Column> columns) {
            columns.forEach(column -> types.put(column.name(), type(column)));
          }

          @Override
          public void row(List<JsonNode> values) {}
        },
        Progress.NONE);
    return types;
  }

  /**
   * The values are text, and one SELECT converts the columns: VALUES with an expression in each
   * cell becomes an operator for each row.
   */
  private static String insert(
      String table, List<Map<String, String>> rows, Map<String, String> types) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    Map<String, String> converted = new LinkedHashMap<>();
    columns.forEach(column -> converted.put(column, converted(column, types.get(column))));
    String names = columns.stream().map(GivenRows::quoted).collect(Collectors.joining(", "));
    String values =
        rows.stream()
            .map(row -> columns.stream().map(c -> literal(row.get(c), types.get(c))))
            .map(cells -> cells.collect(Collectors.joining(", ", "(", ")")))
            .collect(Collectors.joining(",\n"));
    return "INSERT INTO lake.%s (%s)\nSELECT %s\nFROM (VALUES\n%s) AS given (%s)"
        .formatted(table, names, String.join(", ", converted.values()), values, names);
  }

  private static String converted(String column, String type) {
    String cell = "NULLIF(" + quoted(column) + ", '')";
    return switch (type) {
      case "TIMESTAMP_WITH_LOCAL_TIME_ZONE" ->
          "CAST(CAST(%s AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(6))".formatted(cell);
      case "VARBINARY" -> "ENCODE(%s, 'ISO-8859-1')".formatted(cell);
      case "VARCHAR" -> "CAST(%s AS STRING)".formatted(cell);
      default -> "CAST(%s AS %s)".formatted(cell, type);
    };
  }

  private static String type(Column column) {
    // Alone it would have no digits after the point.
    return column.type().equals("DECIMAL") ? "DECIMAL(18, " + column.scale() + ")" : column.type();
  }

  private static String literal(String cell, String type) {
    String text = cell == null ? "" : cell;
    if (type.equals("TIMESTAMP_WITH_LOCAL_TIME_ZONE")) {
      text = text.replace('T', ' ').replace("Z", "");
    } else if (type.equals("VARBINARY")) {
      text = sketch(text);
    }
    return "'" + text.replace("'", "''") + "'";
  }

  /** The sketch of these visitors, which blanks part; a byte is a character, as in ISO-8859-1. */
  private static String sketch(String visitors) {
    if (visitors.isEmpty()) {
      return "";
    }
    long[] hashes =
        Arrays.stream(visitors.split(" ")).mapToLong(MetricRules::visitorHash).toArray();
    return new String(VisitorSketch.add(null, hashes, hashes.length), StandardCharsets.ISO_8859_1);
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }
}
