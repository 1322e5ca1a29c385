package io.millrace.alerts.service;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.DeliveryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The service in a process of its own, to be killed. */
final class ServiceProcess {
  /** Of what was being sent when it was killed, the test wants to see more soon. */
  static final DeliveryOptions QUICK =
      new DeliveryOptions(
          2,
          Duration.ofMillis(50),
          Duration.ofSeconds(3),
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Duration.ofHours(1));

  private ServiceProcess() {}

  static Process start(String kafka, AlertTopics topics, AlertsDatabase database, Path rulesFolder)
      throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ServiceProcess.class.getName(),
                kafka,
                topics.anomalies(),
                topics.windows(),
                database.jdbcUrl(),
                rulesFolder.toString()))
        .inheritIO()
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    AlertService.start(
        new AlertServiceOptions(
            args[0], new AlertTopics(args[1], args[2]), Path.of(args[4]), Optional.empty(), QUICK),
        new AlertsDatabase(args[3], "postgres", ""),
        Clock.systemUTC(),
        new SimpleMeterRegistry());
    new CountDownLatch(1).await(); // until it is killed
  }
}
