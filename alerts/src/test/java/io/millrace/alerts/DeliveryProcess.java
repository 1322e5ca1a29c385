package io.millrace.alerts;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.alerts.send.Senders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A delivery in a process of its own, to be killed. */
final class DeliveryProcess {
  private DeliveryProcess() {}

  static Process start(String jdbcUrl, String channel) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                DeliveryProcess.class.getName(),
                jdbcUrl,
                channel))
        .inheritIO()
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    // A lease that ends soon, for the test to see what comes after it.
    DeliveryOptions options =
        new DeliveryOptions(
            1,
            Duration.ofMillis(50),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofHours(1));
    Delivery.start(
        new AlertsDatabase(args[0], "postgres", ""),
        tenant -> TestAlerts.rules(args[1]),
        new Senders(null, Clock.systemUTC()),
        options,
        Clock.systemUTC(),
        new SimpleMeterRegistry());
    new CountDownLatch(1).await(); // until it is killed
  }
}
