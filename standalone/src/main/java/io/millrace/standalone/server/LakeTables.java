package io.millrace.standalone.server;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundTerm;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the tables of the lake that are missing, from the files {@code
 * millrace/sql/tables/<table>.sql}.
 *
 * <p>Flink's SQL cannot say a partition transform, so a file says it as the table property {@code
 * millrace.partition-by}, and it is applied after the table is made. A kill between the two leaves
 * a table with the property and without the transform, which the next start finds and finishes.
 */
public final class LakeTables {
  /** Table property: {@code day(column)}, or year, month or hour. */
  public static final String PARTITION_BY = "millrace.partition-by";

  private static final Logger LOG = LoggerFactory.getLogger(LakeTables.class);
  private static final String FOLDER = "millrace/sql/tables";
  private static final Pattern TRANSFORM = Pattern.compile("(year|month|day|hour)\\((\\w+)\\)");

  private LakeTables() {}

  /** Creates what is missing and returns the names of the new tables. */
  public static List<String> createMissing(LakeCatalog lake) throws IOException {
    return createMissing(lake, statements());
  }

  static List<String> createMissing(LakeCatalog lake, Map<String, String> statements)
      throws IOException {
    List<String> created = new ArrayList<>();
    try (JdbcCatalog catalog = lake.open()) {
      Namespace namespace = Namespace.of(LakeCatalog.NAMESPACE);
      if (!catalog.namespaceExists(namespace)) {
        catalog.createNamespace(namespace);
      }
      TableEnvironment sql = null;
      for (Map.Entry<String, String> statement : statements.entrySet()) {
        TableIdentifier id = TableIdentifier.of(namespace, statement.getKey());
        if (!catalog.tableExists(id)) {
          // The planner takes seconds to load, and after the first start nothing is missing.
          sql = sql != null ? sql : environment(lake);
          sql.executeSql(statement.getValue());
          created.add(statement.getKey());
        }
        partition(catalog.loadTable(id));
      }
    }
    if (!created.isEmpty()) {
      LOG.info("Created the tables {}", created);
    }
    return created;
  }

  private static TableEnvironment environment(LakeCatalog lake) {
    TableEnvironment sql = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    sql.executeSql(lake.createCatalogSql());
    return sql;
  }

  private static void partition(Table table) {
    String wanted = table.properties().get(PARTITION_BY);
    // More than one spec: somebody has changed the partitioning since, on purpose.
    if (wanted == null || !table.spec().isUnpartitioned() || table.specs().size() > 1) {
      return;
    }
    table.updateSpec().addField(transform(table.name(), wanted)).commit();
  }

  static UnboundTerm<?> transform(String table, String wanted) {
    Matcher matcher = TRANSFORM.matcher(wanted);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Cannot partition table "
              + table
              + ": "
              + PARTITION_BY
              + " is '"
              + wanted
              + "'; give year, month, day or hour of a column, for example day(occurred_at)");
    }
    String column = matcher.group(2);
    return switch (matcher.group(1)) {
      case "year" -> Expressions.year(column);
      case "month" -> Expressions.month(column);
      case "day" -> Expressions.day(column);
      default -> Expressions.hour(column);
    };
  }

  /** Table name to statement, from the class path. */
  static Map<String, String> statements() throws IOException {
    URL folder = LakeTables.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      throw new IOException("Cannot find " + FOLDER + " on the class path");
    }
    try {
      URI uri = folder.toURI();
      if (uri.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
          return read(jar.getPath(FOLDER));
        }
      }
      return read(Path.of(uri));
    } catch (URISyntaxException e) {
      throw new IOException("Cannot read " + folder, e);
    }
  }

  private static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> statements = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".sql")) {
          statements.put(name.substring(0, name.length() - 4), Files.readString(file));
        }
      }
    }
    return statements;
  }
}
