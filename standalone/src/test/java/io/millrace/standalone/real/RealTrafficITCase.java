package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.RunningKeys;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.traffic.CollectClient;
import io.millrace.standalone.traffic.LaneSender;
import io.millrace.standalone.traffic.Mangler;
import io.millrace.standalone.traffic.Progress;
import io.millrace.standalone.traffic.Replay;
import io.millrace.standalone.traffic.SendReport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real traffic, sent through the gateway of a whole platform, gives exactly the answers that an
 * independent program gave: sent plainly, sent badly, two at once, and with the platform killed
 * three times meanwhile, and through every kind of call.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealTrafficITCase {
  private static final List<String> SETS =
      List.of("blog-2016", "shop-2019-a", "apache-2015", "wiki-2015");
  private static final String CLEAN = "-clean";
  private static final String DIRTY = "-dirty";
  private static final String KILLED = "-killed";

  /** The smallest, sent once more in every form that the gateway takes. */
  private static final String CALLED_SET = "apache-2015";

  private static final Map<String, List<String>> OWN_HOSTS =
      Map.of(
          "blog-2016",
          List.of("sparkdeveloper.com", "agilemobiledeveloper.com", "mongodbdev.com"),
          "shop-2019-a",
          List.of("zanbil.ir", "znbl.ir", "www-zanbil-ir.cdn.ampproject.org"),
          "apache-2015",
          List.of("semicomplete.com"),
          "wiki-2015",
          List.of());

  @TempDir static Path folder;
  private static ChildPlatform platform;
  private static RealAnswers answers;

  @BeforeAll
  static void start() throws Exception {
    new Expected(SETS.get(0)).events(); // skips all where there is no shared data
    List<String> options =
        new ArrayList<>(List.of("--checkpoint-interval", "5s", "--maintain-every", "5min"));
    for (String set : SETS) {
      for (String way : List.of(CLEAN, DIRTY, KILLED)) {
        options.addAll(tenant(set, way));
      }
    }
    for (KindOfCall kind : KindOfCall.values()) {
      options.addAll(tenant(CALLED_SET, kind.way()));
    }
    Set<String> withGoals = new HashSet<>();
    for (String set : GoalAnswers.SETS) {
      for (String way : List.of(CLEAN, DIRTY, KILLED)) {
        GoalAnswers.define(set, folder.resolve("data/config/definitions"), set + way);
        withGoals.add(set + way);
      }
    }
    platform = new ChildPlatform(folder.resolve("data"), options);
    answers = new RealAnswers(new LakeReader(platform.start().lake().catalog()), withGoals);
  }

  private static List<String> tenant(String set, String way) {
    List<String> options = new ArrayList<>(List.of("--tenant", set + way));
    for (String host : OWN_HOSTS.get(set)) {
      options.addAll(List.of("--own-host", set + way + '=' + host));
    }
    return options;
  }

  private static List<String> tenants(String... ways) {
    return SETS.stream().flatMap(set -> Stream.of(ways).map(way -> set + way)).toList();
  }

  @AfterAll
  static void stop() throws Exception {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  @Order(1)
  void givesTheExpectedAnswersForTenantsThatSendAtTheSameTimePlainlyOrBadly() throws Exception {
    Mangler.Options mangled = Mangler.Options.parse("duplicates=5%,shuffle=60s,late=1%");

    sendAll(Map.of(CLEAN, Mangler.Options.NONE, DIRTY, mangled), () -> {});

    answers.assertTrue(tenants(CLEAN, DIRTY));
  }

  @Test
  @Order(2)
  void givesTheSameAnswersWhenThePlatformIsKilledThreeTimesMeanwhile() throws Exception {
    sendAll(Map.of(KILLED, Mangler.Options.NONE), RealTrafficITCase::killThreeTimes);

    answers.assertTrue(tenants(KILLED));
  }

  @Test
  @Order(3)
  void givesTheSameAnswersThroughEveryKindOfCall() throws Exception {
    URI gateway = platform.running().gateway();
    RunningKeys keys = new RunningKeys(() -> new DataFolder(folder.resolve("data")));
    List<String> events = new Expected(CALLED_SET).lines();
    List<CompletableFuture<Void>> sending = new ArrayList<>();
    for (KindOfCall kind : KindOfCall.values()) {
      String key = keys.historicalKey(CALLED_SET + kind.way());
      sending.add(CompletableFuture.runAsync(() -> kind.send(gateway, key, events), SENDERS));
    }
    for (CompletableFuture<Void> one : sending) {
      one.get();
    }

    answers.assertTrue(
        Stream.of(KindOfCall.values()).map(kind -> CALLED_SET + kind.way()).toList());
  }

  /**
   * Sends all sets at once, each in these ways and under a tenant of its own, and meanwhile does
   * something else.
   */
  private static void sendAll(Map<String, Mangler.Options> ways, CheckedRunnable meanwhile)
      throws Exception {
    RunningPlatform running = platform.running();
    RunningKeys keys = new RunningKeys(() -> new DataFolder(folder.resolve("data")));
    SENT.set(0);
    List<CompletableFuture<SendReport>> sending = new ArrayList<>();
    for (String set : SETS) {
      ways.forEach(
          (way, mangled) -> {
            String key = keys.historicalKey(set + way);
            sending.add(
                CompletableFuture.supplyAsync(() -> send(running, set, key, mangled), SENDERS));
          });
    }
    meanwhile.run();
    for (CompletableFuture<SendReport> one : sending) {
      SendReport report = one.get();
      assertThat(report.failure()).isNull();
      assertThat(report.rejected()).isEmpty();
    }
  }

  private static SendReport send(
      RunningPlatform running, String set, String key, Mangler.Options mangled) {
    CollectClient client =
        new CollectClient(
            running.gateway(),
            new CollectClient.Options(true, Duration.ofSeconds(30), Duration.ofMinutes(4)));
    try (LaneSender sender = new LaneSender(client, 2)) {
      Replay.Options options =
          new Replay.Options(
              new Expected(set).events(), "http://localhost", false, 0, 0, mangled, 7);
      return new Replay(options, Clock.systemUTC()).run(sender, key, COUNTING).sent();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot send " + set, e);
    }
  }

  private interface CheckedRunnable {
    void run() throws Exception;
  }

  /** As many threads as there can be senders: each waits for answers most of the time. */
  private static final Executor SENDERS =
      task -> {
        Thread thread = new Thread(task, "sender");
        thread.setDaemon(true);
        thread.start();
      };

  /** Events handed to the senders of all sets. */
  private static final AtomicLong SENT = new AtomicLong();

  private static final Progress COUNTING =
      new Progress() {
        @Override
        public void show(long done, long events) {
          SENT.incrementAndGet();
        }

        @Override
        public void close() {}
      };

  private static void killThreeTimes() throws Exception {
    for (long after : List.of(15_000L, 45_000L, 80_000L)) {
      await().atMost(Duration.ofMinutes(15)).until(() -> SENT.get() >= after);
      platform.kill();
      platform.start();
    }
  }
}
