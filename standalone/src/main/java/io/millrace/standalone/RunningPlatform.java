package io.millrace.standalone;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.gateway.access.AccessDatabase;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where everything of a running platform is: what it writes to {@code run/platform.json} when it is
 * ready, and what the other commands read.
 *
 * @param startedAt ISO time, UTC
 * @param gateway base URL of the gateway, or null when none was started
 * @param pipelineJob Flink's id of the pipeline, or null when none was started
 * @param restoredFrom the checkpoint that the pipeline went on from, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunningPlatform(
    long pid,
    String version,
    String startedAt,
    String kafka,
    String redis,
    Lake lake,
    URI flink,
    URI sql,
    URI gateway,
    String pipelineJob,
    String restoredFrom) {

  /** As {@link LakeCatalog}, with names of its own, since they are in a file that others read. */
  public record Lake(String jdbcUrl, String user, String password, URI warehouse) {
    public LakeCatalog catalog() {
      return new LakeCatalog(jdbcUrl, user, password, warehouse);
    }

    @Override
    public String toString() {
      return catalog().toString(); // without the password
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The Postgres with tenants and write keys: the one that has the catalog, too. */
  public AccessDatabase access() {
    return new AccessDatabase(lake.jdbcUrl(), lake.user(), lake.password());
  }

  /** The Postgres with the alerts: likewise. */
  public AlertsDatabase alerts() {
    return new AlertsDatabase(lake.jdbcUrl(), lake.user(), lake.password());
  }

  static Path file(DataFolder folder) {
    return folder.run().resolve("platform.json");
  }

  void write(DataFolder folder) throws IOException {
    OwnerFile.write(file(folder), JSON.writerWithDefaultPrettyPrinter(), this);
  }

  static void delete(DataFolder folder) throws IOException {
    Files.deleteIfExists(file(folder));
  }

  /** The platform that runs on the folder and is ready. */
  public static RunningPlatform require(DataFolder folder) throws IOException {
    return find(folder)
        .orElseThrow(
            () ->
                new PlatformException(
                    ExitCode.NOT_RUNNING,
                    "Millrace is not running on "
                        + folder.path()
                        + "; start it with \"millrace up\", or name its folder with --data"));
  }

  /** As {@link #require}, but empty when there is none. */
  public static Optional<RunningPlatform> find(DataFolder folder) throws IOException {
    Optional<Long> holder = folder.holder();
    if (holder.isEmpty()) {
      return Optional.empty(); // a file that is still there was left by a kill
    }
    try {
      RunningPlatform found = JSON.readValue(Files.readString(file(folder)), RunningPlatform.class);
      // Another id: left by an earlier run, and the present one is not ready yet.
      return Optional.of(found).filter(platform -> platform.pid() == holder.get());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
