package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.server.PortBook;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Flink session cluster of processes of their own, with nothing on their class paths but what
 * Flink is distributed with: what jobs need comes with their jar.
 */
public final class SessionCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int SLOTS = 4;

  /** Flink's distribution, as it lies in a Maven repository. */
  private static final Pattern FLINK =
      Pattern.compile(
          ".*/(org/apache/flink/flink-(?!connector-kafka|.*cdc|sql-gateway|json)"
              + "|org/apache/logging/|org/slf4j/|commons-cli/|commons-io/|commons-collections/"
              + "|org/apache/commons/commons-(lang3|text|math3|compress)/"
              + "|com/esotericsoftware/|org/objenesis/|com/twitter/chill-java/"
              + "|org/snakeyaml/|org/javassist/|com/google/code/findbugs/|com/ververica/"
              + "|at/yawk/lz4/|org/lz4/|org/xerial/snappy/)(?!.*(-tests|log4j-slf4j-impl-.*)\\.jar$).*");

  private final Path folder;
  private final int restPort;
  private final Deque<Process> taskManagers = new ArrayDeque<>();
  private Process jobManager;
  private int started;

  private SessionCluster(Path folder, int restPort) {
    this.folder = folder;
    this.restPort = restPort;
  }

  /** Starts a job manager and task managers, and waits until they know each other. */
  public static SessionCluster start(Path folder, int taskManagers) throws IOException {
    Path home = Files.createDirectories(folder);
    PortBook ports = new PortBook(home.resolve("ports.properties"));
    int restPort = ports.portFor("rest", 0);
    Map<String, Object> config =
        Map.ofEntries(
            Map.entry("jobmanager.rpc.address", "127.0.0.1"),
            Map.entry("jobmanager.rpc.port", ports.portFor("rpc", 0)),
            Map.entry("jobmanager.bind-host", "127.0.0.1"),
            Map.entry("rest.address", "127.0.0.1"),
            Map.entry("rest.bind-address", "127.0.0.1"),
            Map.entry("rest.port", restPort),
            Map.entry("taskmanager.host", "127.0.0.1"),
            Map.entry("taskmanager.bind-host", "127.0.0.1"),
            Map.entry("taskmanager.numberOfTaskSlots", SLOTS),
            Map.entry("taskmanager.cpu.cores", 1),
            Map.entry("taskmanager.memory.task.heap.size", "512m"),
            Map.entry("taskmanager.memory.task.off-heap.size", "0m"),
            Map.entry("taskmanager.memory.framework.heap.size", "128m"),
            Map.entry("taskmanager.memory.framework.off-heap.size", "128m"),
            Map.entry("taskmanager.memory.jvm-metaspace.size", "256m"),
            Map.entry("taskmanager.memory.jvm-overhead.min", "192m"),
            Map.entry("taskmanager.memory.jvm-overhead.max", "192m"),
            Map.entry("taskmanager.memory.managed.size", "256m"),
            Map.entry("taskmanager.memory.network.min", "96m"),
            Map.entry("taskmanager.memory.network.max", "96m"),
            Map.entry("heartbeat.interval", "2 s"),
            Map.entry("heartbeat.timeout", "20 s"),
            Map.entry("parallelism.default", 2),
            Map.entry("io.tmp.dirs", home.resolve("tmp").toString()),
            Map.entry("state.backend.rocksdb.memory.fixed-per-tm", "192m"),
            Map.entry("state.backend.rocksdb.writebuffer.size", "16m"),
            Map.entry("execution.checkpointing.dir", home.resolve("checkpoints").toUri()));
    Files.writeString(
        home.resolve("config.yaml"),
        config.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("\n", "", "\n")));
    Files.writeString(
        home.resolve("log4j2.properties"),
        """
        rootLogger.level = WARN
        rootLogger.appenderRef.out.ref = out
        appender.out.name = out
        appender.out.type = CONSOLE
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5level %logger{1} %msg%n
        """);
    SessionCluster cluster = new SessionCluster(home, restPort);
    cluster.jobManager =
        cluster.run(
            "job-manager",
            "-Xmx512m",
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--configDir", home.toString()));
    for (int i = 0; i < taskManagers; i++) {
      cluster.startTaskManager();
    }
    cluster.awaitSlots();
    return cluster;
  }

  /** Adds one; jobs that lack slots take its. */
  public void startTaskManager() throws IOException {
    taskManagers.add(
        run(
            "task-manager-" + ++started,
            "-Xmx768m",
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            List.of("--configDir", folder.toString())));
  }

  /** As {@code kill -9}, of the one that has run longest. */
  public void killTaskManager() throws InterruptedException {
    Process process = taskManagers.remove();
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** As {@code flink run --detached JAR ARGUMENTS}. */
  public void submit(Path jar, List<String> arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("run", "--detached", jar.toString()));
    all.addAll(arguments);
    String name = "submit-" + arguments.get(0);
    Process client = run(name, "-Xmx512m", "org.apache.flink.client.cli.CliFrontend", all);
    assertThat(client.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(client.exitValue()).as(() -> log(name)).isZero();
  }

  /** State by the name of each job. */
  public Map<String, String> jobs() throws IOException {
    Map<String, String> states = new TreeMap<>();
    for (JsonNode job : new ObjectMapper().readTree(rest("/jobs/overview").toURL()).get("jobs")) {
      states.put(job.get("name").asText(), job.get("state").asText());
    }
    return states;
  }

  private void awaitSlots() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              assertThat(taskManagers).as(() -> log("task-manager-1")).allMatch(Process::isAlive);
              return slots() == SLOTS * taskManagers.size();
            });
  }

  private int slots() throws IOException {
    return new ObjectMapper().readTree(rest("/overview").toURL()).get("slots-total").asInt();
  }

  private URI rest(String path) {
    return URI.create("http://127.0.0.1:" + restPort + path);
  }

  private Process run(String name, String memory, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String opened :
        List.of("java.lang", "java.util", "java.nio", "java.time", "java.util.concurrent")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            memory,
            "-Dlog4j2.configurationFile=" + folder.resolve("log4j2.properties"),
            "-cp",
            classPath(),
            main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("FLINK_CONF_DIR", folder.toString());
    return builder.redirectOutput(folder.resolve(name + ".log").toFile()).start();
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(jar -> FLINK.matcher(jar).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<Process> processes = new ArrayList<>(taskManagers);
    processes.add(jobManager);
    for (Process process : processes) {
      process.destroy();
    }
    for (Process process : processes) {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
