package io.millrace.alerts.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.alert.AnomalyFact;
import io.millrace.domain.alert.MeasureFact;
import io.millrace.domain.alert.WindowFact;
import io.millrace.gateway.EmbeddedBroker;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A pair of topics of one test, written to as the jobs do. */
final class TestTopics implements AutoCloseable {
  static final int PARTITIONS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static int made;

  private final AlertTopics names;
  private final EmbeddedBroker broker;
  private final KafkaProducer<String, String> producer;

  private TestTopics(EmbeddedBroker broker, AlertTopics names) {
    this.names = names;
    this.broker = broker;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer());
  }

  static TestTopics named(EmbeddedBroker broker) {
    int number = ++made;
    return new TestTopics(broker, new AlertTopics("anomalies." + number, "windows." + number));
  }

  TestTopics create() throws Exception {
    broker.createTopics(PARTITIONS, names.anomalies(), names.windows());
    return this;
  }

  AlertTopics names() {
    return names;
  }

  void tell(WindowFact fact) throws Exception {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tenant", fact.tenant());
    json.put("metric", fact.metric());
    json.put("grouping", fact.grouping());
    json.put("value", fact.value());
    json.put("window_start", fact.windowStartMillis());
    json.put("window_end", fact.windowEndMillis());
    json.put("actual", fact.actual());
    json.put("revision", fact.revision());
    if (fact instanceof MeasureFact measure) {
      json.put("sample_size", measure.sampleSize());
      send(names.windows(), fact.tenant(), write(json));
    } else if (fact instanceof AnomalyFact verdict) {
      json.put("series", verdict.series());
      json.put("expected", verdict.expected());
      json.put("lower", verdict.lower());
      json.put("upper", verdict.upper());
      json.put("score", verdict.score());
      json.put("severity", verdict.severity() == null ? null : verdict.severity().label());
      json.put("state", verdict.state().name().toLowerCase(Locale.ROOT));
      json.put("explanation", verdict.explanation());
      json.put("segments", null);
      json.put("fault", null);
      json.put("model_version", "own-past-1");
      json.put("history", 4000);
      send(names.anomalies(), fact.tenant(), write(json));
    }
  }

  /** Says in all partitions that there is nothing more up to then. */
  void mark(long completeUpToMillis) throws Exception {
    String mark = "{\"complete_up_to\":" + completeUpToMillis + ",\"writer\":0,\"writers\":1}";
    for (String topic : names.all()) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        producer.send(new ProducerRecord<>(topic, partition, null, mark)).get();
      }
    }
  }

  void send(String topic, String key, String value) throws Exception {
    producer.send(new ProducerRecord<>(topic, key, value)).get();
  }

  private static String write(Map<String, Object> json) throws JsonProcessingException {
    return JSON.writeValueAsString(json);
  }

  @Override
  public void close() {
    producer.close();
  }
}
