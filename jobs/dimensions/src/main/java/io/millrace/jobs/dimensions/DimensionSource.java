package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.Dimension;
import io.millrace.domain.dimension.DimensionChange;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.cdc.connectors.postgres.source.PostgresSourceBuilder.PostgresIncrementalSource;
import org.postgresql.Driver;

/**
 * The Postgres that describes links, products, profiles and owners.
 *
 * <p>There must be a publication {@value #PUBLICATION} of the tables to follow and of the table
 * {@value #HEARTBEAT_TABLE}, all in one schema, and each followed table has the primary key
 * (tenant, id). The slot {@value #SLOT} is made by the job.
 *
 * @param schema holds the tables
 */
public record DimensionSource(
    String host, int port, String database, String user, String password, String schema) {
  public static final String SLOT = "millrace_dimensions";
  public static final String PUBLICATION = "millrace_dimensions";

  /** Written by the job, so that the slot moves on while nothing changes in the other tables. */
  public static final String HEARTBEAT_TABLE = "millrace_heartbeat";

  /** A table is read in one piece up to this size; the piece is held in memory. */
  private static final int PIECE_ROWS = 100_000;

  /**
   * Two are in use at a time. One that breaks while the connector asks it for the types of columns
   * is never given back, and when all have gone that way the job restarts for ever.
   */
  private static final int MAX_CONNECTIONS = 50;

  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(10);

  public DimensionSource {
    if (!schema.matches("[a-z_][a-z0-9_]*")) {
      throw new IllegalArgumentException(
          "Cannot follow dimensions in schema '"
              + schema
              + "': give a name of small letters, digits and underscores, for example shop");
    }
  }

  /**
   * The source at a JDBC URL.
   *
   * @param jdbcUrl for example {@code jdbc:postgresql://host:5432/database}
   */
  public static DimensionSource at(String jdbcUrl, String user, String password, String schema) {
    Properties parts = Driver.parseURL(jdbcUrl, new Properties());
    String host = parts == null ? null : parts.getProperty("PGHOST");
    if (host == null || host.contains(",") || parts.getProperty("PGDBNAME") == null) {
      throw new IllegalArgumentException(
          "Cannot follow dimensions at '"
              + jdbcUrl
              + "': give one host, a port and a database, for example"
              + " jdbc:postgresql://db.example.org:5432/shop");
    }
    return new DimensionSource(
        host,
        Integer.parseInt(parts.getProperty("PGPORT")),
        parts.getProperty("PGDBNAME"),
        user,
        password,
        schema);
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ':' + port + '/' + database;
  }

  /**
   * All rows first, then every change.
   *
   * @param heartbeatEvery how often the heartbeat is written
   */
  Source<DimensionChange, ?, ?> open(Duration heartbeatEvery) {
    return PostgresIncrementalSource.<DimensionChange>builder()
        .hostname(host)
        .port(port)
        .database(database)
        .username(user)
        .password(password)
        .schemaList(schema)
        .tableList(
            Arrays.stream(Dimension.values())
                .map(dimension -> schema + '.' + dimension.sourceTable())
                .toArray(String[]::new))
        .slotName(SLOT)
        .decodingPluginName("pgoutput")
        .debeziumProperties(properties())
        .heartbeatInterval(heartbeatEvery)
        // Of the two key columns the one that parts the rows of a large tenant.
        .chunkKeyColumn("id")
        .splitSize(PIECE_ROWS)
        .connectTimeout(CONNECTS_WITHIN)
        .connectionPoolSize(MAX_CONNECTIONS)
        // The one checkpoint that is kept is the newest, so nobody goes back behind it.
        .lsnCommitCheckpointsDelay(0)
        .deserializer(new ChangeReader())
        .build();
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("publication.name", PUBLICATION);
    // A publication made by the job would need the rights of the tables' owner.
    properties.setProperty("publication.autocreate.mode", "disabled");
    properties.setProperty("slot.drop.on.stop", "false");
    properties.setProperty("tombstones.on.delete", "false");
    properties.setProperty("decimal.handling.mode", "string");
    properties.setProperty(
        "heartbeat.action.query",
        "INSERT INTO "
            + schema
            + '.'
            + HEARTBEAT_TABLE
            + " (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = excluded.at");
    return properties;
  }

  @Override
  public String toString() {
    return jdbcUrl() + ", schema " + schema; // without the password
  }
}
