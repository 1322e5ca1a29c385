package io.millrace.standalone.server;

import io.millrace.jobs.kit.Lake;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Where the Iceberg catalog {@code millrace} is: a JDBC database for the pointers, a folder or
 * bucket for the files.
 *
 * @param jdbcUrl database of the catalog
 * @param user database user
 * @param password its password; empty where the database asks for none
 * @param warehouse root of the tables' files, for example {@code file:///data/warehouse/}
 */
public record LakeCatalog(String jdbcUrl, String user, String password, URI warehouse) {
  /** The same in every engine: the catalog keys its rows by this name. */
  public static final String NAME = "millrace";

  public static final String NAMESPACE = "lake";

  /** Properties for Iceberg's Java interface. */
  public Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(CatalogProperties.URI, jdbcUrl);
    properties.put("jdbc.user", user);
    if (!password.isEmpty()) {
      properties.put("jdbc.password", password);
    }
    properties.put("jdbc.schema-version", "V1");
    properties.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse.toString());
    return properties;
  }

  /** The tables, for jobs that write them. */
  public Lake tables() {
    return new Lake(JdbcCatalog.class.getName(), properties());
  }

  /** For Flink sources and sinks. */
  public CatalogLoader loader() {
    return CatalogLoader.custom(
        NAME, properties(), new Configuration(), JdbcCatalog.class.getName());
  }

  /** Opens the catalog; the caller closes it. */
  public JdbcCatalog open() {
    return (JdbcCatalog)
        CatalogUtil.loadCatalog(
            JdbcCatalog.class.getName(), NAME, properties(), new Configuration());
  }

  /** The statement by which Flink SQL comes to know the catalog. */
  public String createCatalogSql() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("type", "iceberg");
    options.put("catalog-impl", JdbcCatalog.class.getName());
    options.putAll(properties());
    // A session would else go on showing the tables as they were when it first saw them.
    options.put(CatalogProperties.CACHE_ENABLED, "false");
    return options.entrySet().stream()
        .map(option -> "  " + quoted(option.getKey()) + " = " + quoted(option.getValue()))
        .collect(Collectors.joining(",\n", "CREATE CATALOG " + NAME + " WITH (\n", "\n)"));
  }

  private static String quoted(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  @Override
  public String toString() {
    return "LakeCatalog[" + jdbcUrl + ", " + warehouse + ']'; // without the password
  }
}
