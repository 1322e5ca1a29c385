package io.millrace.standalone.dimensions;

import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.standalone.PlatformOptions;
import io.millrace.standalone.server.LakeCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which dimensions are followed, and where they go.
 *
 * @param source the database
 * @param sampleRows the first rows of the sample schema, which is made if it is missing; empty for
 *     a database of the user's own, in which nothing is made
 * @param lake catalog of the tables, which exist
 * @param checkpointInterval time between two commits to the lake
 * @param start whether the history goes on
 */
public record DimensionsPlace(
    DimensionSource source,
    Optional<Path> sampleRows,
    LakeCatalog lake,
    Duration checkpointInterval,
    DimensionsFollower.Start start) {
  /** Name in the folder {@code config} of the SQL that is run once, with the sample schema. */
  public static final String SAMPLE_ROWS = "shop.sql";

  /** The user's database, else the sample in our own Postgres; none where there is neither. */
  public static Optional<DimensionsPlace> of(
      PlatformOptions options, Path config, LakeCatalog lake) {
    PlatformOptions.Dimensions given = options.external().dimensions();
    if (given.source().isPresent()) {
      return Optional.of(
          new DimensionsPlace(
              given.source().get(),
              Optional.empty(),
              lake,
              options.checkpointInterval(),
              given.start()));
    }
    if (options.external().lake().isPresent()) {
      return Optional.empty(); // then no Postgres of our own runs
    }
    return Optional.of(
        new DimensionsPlace(
            DimensionSource.at(lake.jdbcUrl(), lake.user(), lake.password(), ShopSchema.NAME),
            Optional.of(config.resolve(SAMPLE_ROWS)),
            lake,
            options.checkpointInterval(),
            given.start()));
  }
}
