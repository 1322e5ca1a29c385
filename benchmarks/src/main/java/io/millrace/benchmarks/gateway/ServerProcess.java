package io.millrace.benchmarks.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link ServerMain} that runs. */
final class ServerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final String address;

  ServerProcess(String... command) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(System.getProperty("java.home") + "/bin/java");
    line.addAll(List.of("-Xms256m", "-Xmx768m", "-XX:+UseG1GC"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerMain.class.getName()));
    line.addAll(List.of(command));
    process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    address = said.readLine();
    if (address == null) {
      throw new IOException("Cannot start the server " + command[0] + "; it says why above");
    }
  }

  /** Host and port. */
  String address() {
    return address;
  }

  URI url() {
    return URI.create("http://" + address);
  }

  /** CPU that it has used so far. */
  long cpuNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
