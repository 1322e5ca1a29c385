package io.millrace.standalone;

import io.millrace.standalone.server.KafkaServer;
import io.millrace.standalone.server.PortBook;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Kafka broker in a process of its own, which a test can kill and start again. */
public final class KafkaProcess implements AutoCloseable {
  private final Path folder;
  private Process process;

  public KafkaProcess(Path folder) {
    this.folder = folder;
  }

  /** Starts it on the port that it had before, and gives its address. */
  public String start() throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            KafkaProcess.class.getName(),
            folder.toString());
    process =
        new ProcessBuilder(command)
            .redirectError(folder.resolveSibling(folder.getFileName() + ".log").toFile())
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String address = said.readLine();
    if (address == null) {
      throw new IOException("Kafka does not start; " + folder + ".log says why");
    }
    return address;
  }

  /** As {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  /** Serves until its parent does not read any more. */
  public static void main(String[] words) throws Exception {
    Path folder = Path.of(words[0]);
    PortBook ports = new PortBook(folder.resolve("ports.properties"));
    try (KafkaServer kafka = KafkaServer.start(folder.resolve("kafka"), ports, 0)) {
      System.out.println(kafka.bootstrap());
      while (System.in.read() >= 0) {
        // Whatever comes says only that the test still runs.
      }
    }
  }
}
