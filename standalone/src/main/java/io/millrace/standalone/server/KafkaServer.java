package io.millrace.standalone.server;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kafka broker that is its own controller, in this process, with its log in a data folder. */
public final class KafkaServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaServer.class);
  private static final int NODE_ID = 1;

  private final KafkaRaftServer server;
  private final String bootstrap;

  private KafkaServer(KafkaRaftServer server, String bootstrap) {
    this.server = server;
    this.bootstrap = bootstrap;
  }

  /** Starts the broker; whoever needs it to answer calls {@link KafkaTopics#createMissing} next. */
  public static KafkaServer start(Path folder, PortBook ports, int wantedPort) throws Exception {
    // Both ports are known to be free here: a bind failure inside Kafka would end the whole JVM.
    int brokerPort = ports.portFor("kafka", wantedPort);
    int controllerPort = ports.portFor("kafka-controller", 0);
    Files.createDirectories(folder);
    formatOnce(folder);

    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(config(folder, brokerPort, controllerPort)), Time.SYSTEM);
    server.startup();
    return new KafkaServer(server, "127.0.0.1:" + brokerPort);
  }

  private static void formatOnce(Path folder) throws Exception {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    new Formatter()
        .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE_ID)
        .addDirectory(folder.toString())
        .setMetadataLogDirectory(folder.toString())
        .setControllerListenerName("CONTROLLER")
        .setIgnoreFormatted(true)
        .run();
    LOG.debug("Formatted Kafka's folder: {}", said.toString(StandardCharsets.UTF_8).trim());
  }

  private static Map<String, String> config(Path folder, int brokerPort, int controllerPort) {
    Map<String, String> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", Integer.toString(NODE_ID));
    config.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
    config.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
    config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("controller.listener.names", "CONTROLLER");
    config.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    config.put("log.dirs", folder.toString());
    config.put("auto.create.topics.enable", "false");
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "4");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "4");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("share.coordinator.state.topic.num.partitions", "1");
    config.put("group.initial.rebalance.delay.ms", "0");
    // One machine, few topics: less memory and fewer threads than a broker of its own would take.
    config.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    config.put("num.network.threads", "2");
    config.put("num.io.threads", "4");
    config.put("background.threads", "2");
    return config;
  }

  public String bootstrap() {
    return bootstrap;
  }

  /** The id that Kafka was given at its first start and keeps for ever. */
  public static String clusterId(Path folder) throws java.io.IOException {
    Properties meta = new Properties();
    try (var reader = Files.newBufferedReader(folder.resolve("meta.properties"))) {
      meta.load(reader);
    }
    return meta.getProperty("cluster.id");
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
