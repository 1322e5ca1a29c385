package io.millrace.jobs.kit;

import java.sql.Driver;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.flink.CatalogLoader;

/**
 * Opens the catalog, wherever a job runs.
 *
 * <p>On a cluster each job has a class loader of its own, and Java looks for JDBC drivers once in a
 * process: to the second job that brings its driver along there would be none.
 */
final class LakeLoader implements CatalogLoader {
  private static final long serialVersionUID = 1L;

  private final CatalogLoader catalog;

  LakeLoader(String catalogImpl, Map<String, String> properties) {
    this(CatalogLoader.custom(Lake.CATALOG, properties, new Configuration(), catalogImpl));
  }

  private LakeLoader(CatalogLoader catalog) {
    this.catalog = catalog;
  }

  @Override
  public Catalog loadCatalog() {
    // A driver announces itself when it is loaded.
    ServiceLoader.load(Driver.class, getClass().getClassLoader()).forEach(driver -> {});
    return catalog.loadCatalog();
  }

  @Override
  public CatalogLoader clone() {
    return new LakeLoader(catalog.clone());
  }
}
