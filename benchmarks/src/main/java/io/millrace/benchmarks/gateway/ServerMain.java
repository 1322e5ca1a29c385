package io.millrace.benchmarks.gateway;

import io.millrace.benchmarks.measure.Profile;
import io.millrace.gateway.GatewayOptions;
import io.millrace.gateway.GeoLookup;
import io.millrace.gateway.IngestGateway;
import io.millrace.gateway.access.WriteKey;
import io.millrace.jobs.programs.Topics;
import io.millrace.standalone.server.KafkaServer;
import io.millrace.standalone.server.KafkaTopics;
import io.millrace.standalone.server.PortBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * One server in a process of its own, so that its CPU is told apart: {@code kafka FOLDER}, {@code
 * gateway BOOTSTRAP [RECORDING]} or {@code bare BOOTSTRAP}. It prints where it listens, and ends
 * when its input does, which is when the benchmark ends however that happens.
 */
public final class ServerMain {
  static final String WRITE_KEY = "benchmark-write-key";

  private ServerMain() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "kafka" -> kafka(Path.of(args[1]));
      case "gateway" -> gateway(args[1], args.length > 2 ? Path.of(args[2]) : null);
      case "bare" -> bare(args[1]);
      default -> throw new IllegalArgumentException("There is no server " + args[0]);
    }
  }

  private static void kafka(Path folder) throws Exception {
    PortBook ports = new PortBook(folder.resolve("ports.properties"));
    try (KafkaServer kafka = KafkaServer.start(folder.resolve("kafka"), ports, 0)) {
      KafkaTopics.createMissing(kafka.bootstrap(), Duration.ofMinutes(1));
      untilInputEnds(kafka.bootstrap());
    }
  }

  private static void gateway(String bootstrap, Path recording) throws IOException {
    WriteKey key = new WriteKey("benchmark", "benchmark", false, false);
    try (Profile profile = recording == null ? null : Profile.start(recording);
        IngestGateway gateway =
            IngestGateway.start(
                GatewayOptions.builder(bootstrap).build(),
                presented -> Optional.of(key).filter(ignored -> presented.equals(WRITE_KEY)),
                GeoLookup.NONE,
                Clock.systemUTC())) {
      untilInputEnds("127.0.0.1:" + gateway.port());
      if (profile != null) {
        profile.stop();
      }
    }
  }

  private static void bare(String bootstrap) throws IOException, InterruptedException {
    try (BareServer server = new BareServer(bootstrap, Topics.EVENTS_RAW)) {
      untilInputEnds("127.0.0.1:" + server.port());
    }
  }

  private static void untilInputEnds(String address) throws IOException {
    System.out.println(address);
    System.out.flush();
    while (System.in.read() >= 0) {
      // Whatever comes says only that the benchmark still runs.
    }
  }
}
