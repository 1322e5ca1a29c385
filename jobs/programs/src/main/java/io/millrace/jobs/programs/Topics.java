package io.millrace.jobs.programs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The topics of Millrace. */
public final class Topics {
  public static final String EVENTS_RAW = "events.raw";
  public static final String EVENTS_DEAD_LETTER = "events.dead-letter";

  /** Every event once, enriched, as JSON; written where jobs run apart. */
  public static final String EVENTS_ENRICHED = "events.enriched";

  /** The history of {@code lake.sessions}, as JSON; written where jobs run apart. */
  public static final String SESSIONS_CHANGES = "sessions.changes";

  /** What each watched series was in each window that is over, as JSON, and time marks. */
  public static final String METRICS_WINDOWS = "metrics.windows";

  /** The history of {@code lake.anomalies}, as JSON, and time marks. */
  public static final String ANOMALIES = "anomalies";

  /** All of them, in the order of the flow. */
  public static final List<String> ALL =
      List.of(
          EVENTS_RAW,
          EVENTS_DEAD_LETTER,
          EVENTS_ENRICHED,
          SESSIONS_CHANGES,
          METRICS_WINDOWS,
          ANOMALIES);

  private Topics() {}

  /**
   * How many partitions a topic has.
   *
   * @throws IllegalStateException if Kafka does not say
   */
  static int partitions(String kafka, String topic) throws InterruptedException {
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .size();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Cannot ask Kafka at %s for the partitions of %s: %s"
              .formatted(kafka, topic, e.getCause().getMessage()),
          e.getCause());
    }
  }
}
