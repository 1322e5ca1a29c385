package io.millrace.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.jobs.programs.Topics;
import io.millrace.standalone.PlatformException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerITCase {
  @TempDir Path folder;

  @Test
  void keepsItsIdItsPortAndItsRecordsOverARestart() throws Exception {
    String bootstrap;
    String clusterId;
    try (KafkaServer kafka = start()) {
      KafkaTopics.createMissing(kafka.bootstrap(), Duration.ofSeconds(30));
      bootstrap = kafka.bootstrap();
      clusterId = KafkaServer.clusterId(folder.resolve("kafka"));
      send(bootstrap, "kept");
    }

    try (KafkaServer kafka = start()) {
      KafkaTopics.createMissing(kafka.bootstrap(), Duration.ofSeconds(30));

      assertThat(kafka.bootstrap()).isEqualTo(bootstrap);
      assertThat(KafkaServer.clusterId(folder.resolve("kafka"))).isEqualTo(clusterId);
      assertThat(firstRecord(bootstrap)).isEqualTo("kept");
    }
  }

  @Test
  void hasTheTopicsWithFourPartitionsKeptSevenDaysByTimeOfAppend() throws Exception {
    try (KafkaServer kafka = start()) {
      KafkaTopics.createMissing(kafka.bootstrap(), Duration.ofSeconds(30));

      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
        assertThat(admin.listTopics().names().get()).containsAll(Topics.ALL);
        assertThat(
                admin
                    .describeTopics(List.of("events.raw"))
                    .allTopicNames()
                    .get()
                    .get("events.raw")
                    .partitions())
            .hasSize(4);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "events.raw");
        var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
        assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
      }
    }
  }

  @Test
  void saysThatBrokersDoNotAnswer() {
    assertThatThrownBy(() -> KafkaTopics.createMissing("127.0.0.1:1", Duration.ofSeconds(1)))
        .isInstanceOf(PlatformException.class)
        .hasMessageStartingWith("Cannot use Kafka at 127.0.0.1:1: ")
        .hasMessageEndingWith("; give the address of brokers that answer");
  }

  private KafkaServer start() throws Exception {
    return KafkaServer.start(
        folder.resolve("kafka"), new PortBook(folder.resolve("ports.properties")), 0);
  }

  private static void send(String bootstrap, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("events.raw", 0, "key", value, List.of())).get();
    }
  }

  private static String firstRecord(String bootstrap) {
    TopicPartition first = new TopicPartition("events.raw", 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(first));
      consumer.seekToBeginning(List.of(first));
      return consumer.poll(Duration.ofSeconds(20)).iterator().next().value();
    }
  }
}
