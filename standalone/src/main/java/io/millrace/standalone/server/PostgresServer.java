package io.millrace.standalone.server;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** A PostgreSQL of our own: durable, on loopback, with its binaries and data in a data folder. */
public final class PostgresServer implements AutoCloseable {
  public static final String DATABASE = "millrace";
  public static final String USER = "postgres";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;
  private final Path data;
  private final long pid;

  private PostgresServer(EmbeddedPostgres postgres, Path data, long pid) {
    this.postgres = postgres;
    this.data = data;
    this.pid = pid;
  }

  /** Starts the server, after ending one that a killed run left on the same data. */
  public static PostgresServer start(Path folder, PortBook ports, int wantedPort, Path logFile)
      throws IOException, InterruptedException, SQLException {
    Path home = folder.toAbsolutePath().normalize();
    Path data = home.resolve("data");
    Path binaries = home.resolve("bin");
    Path ready = home.resolve("ready");
    LeftoverProcess.end(
        "Postgres", pidFile(data), ours(data), LeftoverProcess.Signal.INT, PATIENCE);
    Files.createDirectories(binaries);
    Files.createDirectories(logFile.getParent());
    discardHalfUnpacked(binaries);
    if (Files.exists(data) && !Files.exists(ready)) {
      // The first start was killed before the database existed, so nobody has stored anything.
      FileUtils.deleteDirectory(data.toFile());
    }

    int port = ports.portFor("postgres", wantedPort);
    EmbeddedPostgres postgres = launch(data, binaries, port, logFile);
    try {
      createDatabase(postgres);
      if (!Files.exists(ready)) {
        Files.createFile(ready);
      }
      long pid =
          LeftoverProcess.find(pidFile(data), ours(data))
              .orElseThrow(() -> new IOException("no running server in " + data));
      return new PostgresServer(postgres, data, pid);
    } catch (IOException | SQLException | RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  private static EmbeddedPostgres launch(Path data, Path binaries, int port, Path logFile) {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setCleanDataDirectory(false)
          .setOverrideWorkingDirectory(binaries.toFile())
          .setPort(port)
          .setPGStartupWait(PATIENCE)
          .setOutputRedirector(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
          // The library is made for throw-away tests and starts with fsync off.
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("wal_level", "logical")
          // A job that nobody runs any more must not fill the disk with the log kept for it.
          .setServerConfig("max_slot_wal_keep_size", "512MB")
          .setServerConfig("listen_addresses", "127.0.0.1")
          .setServerConfig("unix_socket_directories", "''")
          .setServerConfig("max_connections", "50")
          .setServerConfig("shared_buffers", "32MB")
          .setServerConfig("max_wal_size", "128MB")
          .setServerConfig("max_parallel_workers", "0")
          .setLocaleConfig("locale", "C")
          .start();
    } catch (IOException | RuntimeException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot start Postgres in "
              + data.getParent()
              + ": "
              + e.getMessage()
              + "; "
              + logFile
              + " says why",
          e);
    }
  }

  /**
   * The library would take a folder that it was killed in the middle of filling for a whole one.
   */
  private static void discardHalfUnpacked(Path binaries) throws IOException {
    try (Stream<Path> folders = Files.list(binaries)) {
      for (Path folder : folders.toList()) {
        if (!Files.exists(folder.resolve(".exists"))) {
          FileUtils.deleteDirectory(folder.toFile());
        }
      }
    }
  }

  private static void createDatabase(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE " + DATABASE);
    }
  }

  static Path pidFile(Path data) {
    return data.resolve("postmaster.pid");
  }

  static Predicate<List<String>> ours(Path data) {
    return command ->
        !command.isEmpty()
            && Path.of(command.get(0)).endsWith("postgres")
            && command.contains(data.toString());
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + DATABASE;
  }

  public int port() {
    return postgres.getPort();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    postgres.close();
    // The library gives the server five seconds and then looks away; a busy disk may need more.
    if (!LeftoverProcess.awaitEnd(pid, ours(data), PATIENCE)) {
      throw new IOException("Postgres (process " + pid + ") did not end within " + PATIENCE);
    }
  }
}
