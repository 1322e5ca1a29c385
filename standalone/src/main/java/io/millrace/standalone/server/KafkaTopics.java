package io.millrace.standalone.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.millrace.jobs.programs.Topics;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of Millrace, in our own broker or in one that the user has. */
public final class KafkaTopics {
  private static final int PARTITIONS = 4;
  private static final Duration RETENTION = Duration.ofDays(7);

  private KafkaTopics() {}

  /**
   * Waits until the brokers answer, creates what is missing and waits until all of it can be used;
   * what exists stays as it is.
   */
  public static void createMissing(String bootstrap, Duration patience)
      throws InterruptedException {
    long millis = patience.toMillis();
    Map<String, Object> config =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) millis,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(millis, 10_000));
    try (Admin admin = Admin.create(config)) {
      Set<String> present = admin.listTopics().names().get(millis, MILLISECONDS);
      for (String topic : Topics.ALL) {
        if (!present.contains(topic)) {
          create(admin, topic);
        }
      }
      awaitKnown(admin, patience);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot use Kafka at "
              + bootstrap
              + ": "
              + (e instanceof TimeoutException
                  ? "no answer within " + patience.toSeconds() + " s"
                  : cause.getMessage())
              + "; give the address of brokers that answer",
          cause);
    }
  }

  /**
   * How many partitions a topic has.
   *
   * @throws PlatformException if Kafka does not say
   */
  public static int partitions(String bootstrap, String topic) throws InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
      Map<String, TopicDescription> found =
          admin.describeTopics(List.of(topic)).allTopicNames().get();
      return found.get(topic).partitions().size();
    } catch (ExecutionException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot ask Kafka at "
              + bootstrap
              + " for the partitions of "
              + topic
              + ": "
              + e.getCause().getMessage()
              + "; give the address of brokers that answer",
          e.getCause());
    }
  }

  /** A new topic is known to the controller first, and to a broker a moment later. */
  private static void awaitKnown(Admin admin, Duration patience)
      throws ExecutionException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Set<String> known = admin.listTopics().names().get(patience.toMillis(), MILLISECONDS);
      if (known.containsAll(Topics.ALL)) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException();
      }
      MILLISECONDS.sleep(20);
    }
  }

  private static void create(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    // Kept by the time of append: by event time, a backdated event would be deleted on arrival.
    Map<String, String> config =
        Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime",
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(RETENTION.toMillis()));
    try {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty()).configs(config)))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }
}
