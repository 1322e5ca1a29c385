package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.millrace.gateway.access.AccessOptions;
import io.millrace.standalone.server.CheckpointStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole platform: stopped, killed, started again, started twice. */
class PlatformITCase {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path data;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void nothingOfThisFolderRunsAnyMore() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    for (ProcessHandle leftover : processesOfThisFolder()) {
      leftover.destroyForcibly();
    }
  }

  @Test
  void aKilledPlatformGoesOnWhereItWasAndEndsWhatItLeftRunning() throws Exception {
    RunningPlatform first = startProcess();
    send(first.kafka(), "acknowledged");
    execute(first.lake().jdbcUrl(), "CREATE TABLE kept AS SELECT 7 AS seven");
    CheckpointStore checkpoints = new CheckpointStore(data.resolve("flink/checkpoints"));
    await().atMost(PATIENCE).until(() -> checkpoints.latestOf(first.pipelineJob()).isPresent());
    kill();
    List<Long> orphans = processesOfThisFolder().stream().map(ProcessHandle::pid).toList();
    assertThat(orphans).hasSize(2); // Postgres and Redis

    try (Platform second = start()) {
      RunningPlatform running = second.running();

      assertThat(running.kafka()).isEqualTo(first.kafka());
      assertThat(running.redis()).isEqualTo(first.redis());
      assertThat(running.lake()).isEqualTo(first.lake());
      assertThat(running.restoredFrom()).contains(first.pipelineJob());
      assertThat(records(running.kafka())).isEqualTo(1);
      execute(running.lake().jdbcUrl(), "SELECT seven FROM kept");
      assertThat(processesOfThisFolder().stream().map(ProcessHandle::pid))
          .hasSize(2)
          .doesNotContainAnyElementsOf(orphans);
      await()
          .atMost(PATIENCE)
          .until(() -> !Files.exists(checkpoints.folder().resolve(first.pipelineJob())));
    }

    assertThat(processesOfThisFolder()).isEmpty();
    assertThat(RunningPlatform.file(new DataFolder(data))).doesNotExist();
  }

  @Test
  void aSecondPlatformOnTheSameFolderIsRefusedWithTheProcessOfTheFirst() throws Exception {
    RunningPlatform first = startProcess();

    assertThatThrownBy(this::start)
        .isInstanceOfSatisfying(
            PlatformException.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.ALREADY_RUNNING))
        .hasMessage(
            "Cannot start: Millrace is already running on "
                + data
                + " (process "
                + first.pid()
                + "); stop it with \"millrace stop\", or give another folder with --data");
    assertThat(RunningPlatform.require(new DataFolder(data))).isEqualTo(first);
  }

  @Test
  void everySocketIsOnLoopbackAndAFailedPartStopsTheRest() throws Exception {
    try (Platform platform = start()) {
      assertThat(listeningAddresses()).isNotEmpty().allMatch(PlatformITCase::isLoopback);
      RedisClient client = RedisClient.create(platform.running().redis());
      assertThat(client.connect().sync().ping()).isEqualTo("PONG");
      client.shutdown();
    }

    assertThatThrownBy(
            () ->
                Platform.start(
                    options(),
                    Optional.of(new TestPipeline()),
                    Optional.of(
                        place -> {
                          throw new PlatformException(ExitCode.ENVIRONMENT, "no gateway today");
                        }),
                    Clock.systemUTC(),
                    (part, address, took) -> {}))
        .isInstanceOf(PlatformException.class)
        .hasMessage("no gateway today");
    assertThat(processesOfThisFolder()).isEmpty();
    assertThat(new DataFolder(data).holder()).isEmpty();
  }

  private PlatformOptions options() {
    PlatformOptions defaults = PlatformOptions.defaults(data);
    return new PlatformOptions(
        data,
        defaults.ports(),
        defaults.external(),
        Duration.ofSeconds(1),
        1,
        Optional.empty(),
        List.of("default"),
        Map.of(),
        PlatformOptions.DEFAULT_MAINTAIN_EVERY,
        AccessOptions.DEFAULT);
  }

  private Platform start() throws Exception {
    return Platform.start(
        options(),
        Optional.of(new TestPipeline()),
        Optional.empty(),
        Clock.systemUTC(),
        (part, address, took) -> {});
  }

  private RunningPlatform startProcess() throws Exception {
    Path log = data.resolve("process.log");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "-Xmx768m",
            "-cp",
            System.getProperty("java.class.path"),
            PlatformProcess.class.getName(),
            data.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(process.isAlive()).as(() -> read(log)).isTrue();
              return RunningPlatform.find(new DataFolder(data)).isPresent();
            });
    return RunningPlatform.require(new DataFolder(data));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void kill() throws Exception {
    Process process = processes.get(processes.size() - 1);
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Servers whose command line names the folder, without the processes that they fork. */
  private List<ProcessHandle> processesOfThisFolder() throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path commandLine = Path.of("/proc/" + process.pid() + "/cmdline");
      try {
        String words = Files.readString(commandLine, StandardCharsets.ISO_8859_1);
        if (words.contains(data.toString()) && !words.contains("java")) {
          found.add(process);
        }
      } catch (IOException e) {
        assertThat(process.isAlive()).as(commandLine + ": " + e).isFalse();
      }
    }
    return found;
  }

  /** Local addresses, in the kernel's form, on which this process or its children listen. */
  private List<String> listeningAddresses() throws IOException {
    List<String> inodes = new ArrayList<>();
    List<ProcessHandle> ours = new ArrayList<>(ProcessHandle.current().descendants().toList());
    ours.add(ProcessHandle.current());
    ours.addAll(processesOfThisFolder()); // Postgres detaches itself from its parent
    for (ProcessHandle process : ours) {
      try (Stream<Path> handles = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
        for (Path handle : handles.toList()) {
          if (Files.isSymbolicLink(handle)) {
            String target = Files.readSymbolicLink(handle).toString();
            if (target.startsWith("socket:[")) {
              inodes.add(target.substring(8, target.length() - 1));
            }
          }
        }
      }
    }
    List<String> addresses = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.trim().split("\\s+");
        if (words[3].equals("0A") && inodes.contains(words[9])) {
          addresses.add(words[1]);
        }
      }
    }
    return addresses;
  }

  private static boolean isLoopback(String kernelAddress) {
    return kernelAddress.startsWith("0100007F:")
        || kernelAddress.startsWith("0000000000000000FFFF00000100007F:")
        || kernelAddress.startsWith("00000000000000000000000001000000:");
  }

  private static void send(String bootstrap, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("events.raw", 0, "key", value)).get();
    }
  }

  private static long records(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      TopicPartition first = new TopicPartition("events.raw", 0);
      return admin.listOffsets(Map.of(first, OffsetSpec.latest())).all().get().get(first).offset();
    }
  }

  private static void execute(String url, String sql) throws Exception {
    try (var connection = DriverManager.getConnection(url, "postgres", null);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
