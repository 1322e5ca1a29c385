package io.millrace.standalone.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/** A Redis of our own, on loopback, that keeps an append-only file in a data folder. */
public final class RedisServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final redis.embedded.RedisServer redis;
  private final Path config;
  private final long pid;
  private final int port;

  private RedisServer(redis.embedded.RedisServer redis, Path config, long pid, int port) {
    this.redis = redis;
    this.config = config;
    this.pid = pid;
    this.port = port;
  }

  /** Starts the server, after ending one that a killed run left on the same data. */
  public static RedisServer start(Path folder, PortBook ports, int wantedPort)
      throws IOException, InterruptedException {
    Path home = folder.toAbsolutePath().normalize();
    Path config = home.resolve("redis.conf");
    Path pidFile = home.resolve("redis.pid");
    LeftoverProcess.end("Redis", pidFile, ours(config), LeftoverProcess.Signal.TERM, PATIENCE);
    Path binaries = Files.createDirectories(home.resolve("bin"));

    int port = ports.portFor("redis", wantedPort);
    Files.write(
        config,
        List.of(
            "bind 127.0.0.1",
            "port " + port,
            "dir " + quoted(home),
            "pidfile " + quoted(pidFile),
            // Else the process would hide the path by which it is known to be ours.
            "set-proc-title no",
            "appendonly yes",
            "appendfsync everysec",
            "save \"\"",
            "maxmemory-policy noeviction"));
    String executable =
        ExecutableProvider.newJarResourceProvider(binaries.toFile()).get().getAbsolutePath();
    redis.embedded.RedisServer redis =
        new redis.embedded.RedisServer(
            port,
            List.of(executable, config.toString()),
            false,
            line -> LOG.debug("redis: {}", line),
            line -> LOG.warn("redis: {}", line));
    redis.start();
    long pid =
        LeftoverProcess.find(pidFile, ours(config))
            .orElseThrow(() -> new IOException("no running Redis in " + home));
    return new RedisServer(redis, config, pid, port);
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  static Predicate<List<String>> ours(Path config) {
    return command -> command.contains(config.toString());
  }

  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    redis.stop();
    if (!LeftoverProcess.awaitEnd(pid, ours(config), PATIENCE)) {
      throw new IOException("Redis (process " + pid + ") did not end within " + PATIENCE);
    }
  }
}
