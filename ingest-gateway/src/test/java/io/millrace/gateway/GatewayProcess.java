package io.millrace.gateway;

import io.millrace.gateway.spool.SpoolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A gateway with a spool in a process of its own, to be killed. */
final class GatewayProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private GatewayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one; it listens when this returns. */
  static GatewayProcess start(String bootstrapServers, Path spool, Path scratch)
      throws IOException, InterruptedException {
    Path portFile = Files.createTempDirectory(scratch, "gateway").resolve("port");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    GatewayProcess.class.getName(),
                    bootstrapServers,
                    spool.toString(),
                    portFile.toString()))
            .redirectErrorStream(true)
            .redirectOutput(portFile.resolveSibling("log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(portFile)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The gateway's process did not start: "
                + Files.readString(portFile.resolveSibling("log")));
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    return new GatewayProcess(process, Integer.parseInt(Files.readString(portFile)));
  }

  int port() {
    return port;
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  public static void main(String[] args) throws Exception {
    IngestGateway gateway =
        IngestGateway.start(
            GatewayOptions.builder(args[0])
                .deliveryTimeout(Duration.ofSeconds(3))
                .spool(new SpoolOptions(Path.of(args[1]), 256 << 20))
                .build(),
            TestKeys.any(),
            GeoLookup.NONE,
            Clock.systemUTC());
    Path portFile = Path.of(args[2]);
    Path unfinished = portFile.resolveSibling("port.part");
    Files.writeString(unfinished, Integer.toString(gateway.port()));
    Files.move(unfinished, portFile);
    new CountDownLatch(1).await();
  }
}
