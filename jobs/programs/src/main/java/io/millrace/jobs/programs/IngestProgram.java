package io.millrace.jobs.programs;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.jobs.sessions.SessionOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ingest}. */
@Command(
    name = "ingest",
    header = "events.raw to stored events, sessions and the ledger; hands over to the other jobs.",
    mixinStandardHelpOptions = true)
final class IngestProgram extends Program {
  @Spec private CommandSpec spec;
  @Mixin private StreamOptions streams;

  @Option(
      names = "--own-host",
      paramLabel = "TENANT=HOST",
      description = "A site of the tenant's own, whose links are no referrals; may be repeated.")
  private List<String> ownHosts = List.of();

  @Override
  void define(StreamExecutionEnvironment env) throws Exception {
    IngestGraph.Results ingested =
        new IngestGraph(OwnHosts.of(hosts()), SessionOptions.DEFAULT)
            .define(
                env,
                streams.kafka,
                Topics.partitions(streams.kafka, Topics.EVENTS_RAW),
                stores(streams.redis));
    Handover handover = new Handover(streams.kafka);
    handover.writeEvents(
        ingested.events(), Topics.partitions(streams.kafka, Topics.EVENTS_ENRICHED));
    handover.writeSessions(
        ingested.sessions(), Topics.partitions(streams.kafka, Topics.SESSIONS_CHANGES));
  }

  private Map<String, Set<String>> hosts() {
    Map<String, Set<String>> hosts = new HashMap<>();
    for (String given : ownHosts) {
      int equals = given.indexOf('=');
      if (equals < 1 || equals == given.length() - 1) {
        throw new ParameterException(
            spec.commandLine(),
            "--own-host is \"%s\"; give a tenant and a host, for example default=example.org"
                .formatted(given));
      }
      hosts
          .computeIfAbsent(given.substring(0, equals), tenant -> new HashSet<>())
          .add(given.substring(equals + 1));
    }
    return hosts;
  }
}
