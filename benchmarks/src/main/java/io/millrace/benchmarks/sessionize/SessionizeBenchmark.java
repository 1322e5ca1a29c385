package io.millrace.benchmarks.sessionize;

import io.millrace.benchmarks.measure.Cpu;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.measure.Profile;
import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.measure.ThreadGroups;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import io.millrace.jobs.enrich.EnrichJob;
import io.millrace.jobs.enrich.RawRecord;
import io.millrace.jobs.kit.EventTypeInfo;
import io.millrace.jobs.programs.Topics;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.jobs.sessions.SessionsJob;
import io.millrace.standalone.server.FlinkCluster;
import io.millrace.standalone.server.JobHandle;
import io.millrace.standalone.server.KafkaServer;
import io.millrace.standalone.server.KafkaTopics;
import io.millrace.standalone.server.PortBook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads a filled topic as fast as it can, drops duplicates and sessionizes, on RocksDB. */
public final class SessionizeBenchmark {
  private static final int PARALLELISM = 2;
  private static final int MAX_PARALLELISM = 128;

  /** After one, a quarter of the CPU still goes to the compiler. */
  private static final int WARM_UP_ROUNDS = 2;

  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /**
   * How much is run.
   *
   * @param rounds that are measured, after two that warm up
   * @param enrichment whether rounds with enrichment are run as well
   * @param profile where to keep a flight recording of the last round of each kind
   */
  public record Options(
      int events,
      int visitors,
      int rounds,
      long seed,
      boolean enrichment,
      Optional<Path> profile) {}

  private final Options options;
  private final Report report;
  private FilledTopic topic;
  private KafkaServer kafka;
  private FlinkCluster flink;

  private SessionizeBenchmark(Options options) {
    this.options = options;
    this.report =
        new Report(
            "sessionize: " + options.events + " events of " + options.visitors + " visitors");
  }

  /** Runs it, with everything it writes under the folder; what comes out wrong is an exception. */
  public static Report run(Options options, Path folder) throws Exception {
    SessionizeBenchmark benchmark = new SessionizeBenchmark(options);
    PortBook ports = new PortBook(folder.resolve("ports.properties"));
    try (KafkaServer kafka = KafkaServer.start(folder.resolve("kafka"), ports, 0)) {
      benchmark.kafka = kafka;
      KafkaTopics.createMissing(kafka.bootstrap(), PATIENCE);
      benchmark.topic =
          FilledTopic.fill(
              kafka.bootstrap(), Topics.EVENTS_RAW, options.events, options.visitors, options.seed);
      try (FlinkCluster flink =
          FlinkCluster.start(folder.resolve("flink"), ports, 0, PARALLELISM)) {
        benchmark.flink = flink;
        benchmark.rounds("parse, dedup, session", false);
        if (options.enrichment) {
          benchmark.rounds("the same with enrichment", true);
        }
      }
    }
    return benchmark.report;
  }

  private void rounds(String row, boolean enriched) throws Exception {
    for (int warmUp = -WARM_UP_ROUNDS; warmUp < 0; warmUp++) {
      round(row, enriched, warmUp);
    }
    for (int round = 0; round < options.rounds; round++) {
      round(row, enriched, round);
    }
  }

  /** One job from the beginning of the topic to the last session; a round below 0 is warm-up. */
  private void round(String row, boolean enriched, int round) throws Exception {
    String run = row + ' ' + round;
    Tally tally = Tally.of(run);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            flink.pipelineConfig(PARALLELISM, CHECKPOINT_INTERVAL));
    define(env, run, enriched);
    JobHandle job = flink.submit(env.getStreamGraph(), Optional.empty());
    awaitAtLeast(job, tally, 1, 0);
    try (Profile profile =
        options.profile.isPresent() && round == options.rounds - 1
            ? Profile.start(options.profile.get().resolve(enriched ? "enriched.jfr" : "plain.jfr"))
            : null) {
      Cpu before = Cpu.now();
      long began = System.nanoTime();
      long already = tally.events.sum() + tally.duplicates.sum();
      awaitAtLeast(job, tally, topic.records(), topic.visits().sessions());
      long nanos = System.nanoTime() - began;
      Cpu after = Cpu.now();
      if (profile != null) {
        profile.stop();
      }
      check(row, tally);
      if (round >= 0) {
        measured(row, topic.records() - already, nanos, before, after);
      }
      if (profile != null) {
        profile.report(report);
      }
    } finally {
      job.stop(PATIENCE);
      Tally.forget(run);
    }
  }

  private void define(StreamExecutionEnvironment env, String run, boolean enriched) {
    env.setMaxParallelism(MAX_PARALLELISM);
    env.getConfig().enableObjectReuse();
    DataStream<RawRecord> records =
        EnrichJob.source(env, kafka.bootstrap(), Topics.EVENTS_RAW, "benchmark");
    DataStream<Event> events =
        enriched
            ? EnrichJob.define(records, OwnHosts.none()).events()
            : records
                .flatMap(new ParseFunction(), EventTypeInfo.INSTANCE)
                .name("Parse")
                .uid("parse");
    SessionsJob.Results results = SessionsJob.define(events, SessionOptions.DEFAULT);
    results
        .events()
        .sinkTo(new CountingSinks.CountingSink<>(run, CountingSinks.EVENTS))
        .uid("events");
    results
        .duplicates()
        .sinkTo(new CountingSinks.CountingSink<>(run, CountingSinks.DUPLICATES))
        .uid("duplicates");
    results
        .changes()
        .sinkTo(new CountingSinks.CountingSink<>(run, CountingSinks.SESSIONS))
        .uid("changes");
  }

  private static void awaitAtLeast(JobHandle job, Tally tally, long records, long sessions)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (tally.events.sum() + tally.duplicates.sum() < records
        || tally.sessions.sum() < sessions) {
      if (job.status().isGloballyTerminalState() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The job is "
                + job.status()
                + " with "
                + tally.events.sum()
                + " events and "
                + tally.sessions.sum()
                + " sessions of "
                + sessions);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private void check(String row, Tally tally) {
    requireSame(row, "events", topic.records() - topic.duplicates(), tally.events.sum());
    requireSame(row, "duplicates", topic.duplicates(), tally.duplicates.sum());
    requireSame(row, "sessions", topic.visits().sessions(), tally.sessions.sum());
    requireSame(row, "events in sessions", topic.visits().events(), tally.sessionEvents.sum());
    requireSame(row, "ms of all sessions", topic.visits().sessionMs(), tally.sessionMs.sum());
    requireSame(row, "restated sessions", 0, tally.otherChanges.sum());
  }

  private static void requireSame(String row, String what, long planted, long found) {
    if (planted != found) {
      throw new IllegalStateException(
          "Wrong result of \"" + row + "\": " + found + ' ' + what + " instead of " + planted);
    }
  }

  private void measured(String row, long records, long nanos, Cpu before, Cpu after) {
    report.add(row + ": events/s", "", records * 1e9 / nanos);
    report.add(row + ": CPU per event", "µs", after.processNanosSince(before) / 1e3 / records);
    for (Map.Entry<String, Long> group : after.nanosSince(before, ThreadGroups::of).entrySet()) {
      double micros = group.getValue() / 1e3 / records;
      if (micros >= 0.05) {
        report.add("  " + row + ": " + group.getKey(), "µs", micros);
      }
    }
    report.add(row + ": load average", "", Machine.load());
  }
}
