package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.sql.Column;
import io.millrace.sql.Progress;
import io.millrace.sql.Rows;
import io.millrace.sql.SqlClient;
import io.millrace.sql.SqlResources;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.traffic.CollectClient;
import io.millrace.standalone.traffic.LaneSender;
import io.millrace.standalone.traffic.Mangler;
import io.millrace.standalone.traffic.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Replays a real log through a running platform and waits until all of it is in the lake. */
public final class LogDemo {
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(10);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final RunningPlatform running;
  private final Clock clock;

  public LogDemo(RunningPlatform running, Clock clock) {
    this.running = running;
    this.clock = clock;
  }

  /** Sends the file with its own times, as fast as the gateway takes it. */
  public Replay.Result replay(
      Path file, String site, String writeKey, io.millrace.standalone.traffic.Progress progress)
      throws IOException, InterruptedException {
    Replay replay =
        new Replay(new Replay.Options(file, site, false, 0, 0, Mangler.Options.NONE, 1), clock);
    CollectClient client = new CollectClient(running.gateway(), CollectClient.Options.DEFAULT);
    try (LaneSender sender = new LaneSender(client, LaneSender.DEFAULT_LANES)) {
      return replay.run(sender, writeKey, progress);
    }
  }

  /**
   * The numbers of the lake, once every accepted event is stored, or a duplicate, and is in a
   * session.
   *
   * @return what is there when long enough was waited, be it all or not
   */
  public Map<String, Long> awaitStored(long accepted) throws IOException, InterruptedException {
    long deadline = clock.millis() + SETTLES_WITHIN.toMillis();
    try (SqlClient sql =
        SqlClient.open(running.sql(), running.lake().catalog().createCatalogSql())) {
      while (true) {
        Map<String, Long> stored = stored(sql);
        if (isAll(stored, accepted) || clock.millis() > deadline) {
          return stored;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      }
    }
  }

  /** Whether these numbers hold all accepted events. */
  public static boolean isAll(Map<String, Long> stored, long accepted) {
    return stored.get("events") + stored.get("duplicates") == accepted
        && stored.get("events_in_sessions").equals(stored.get("events"));
  }

  private static Map<String, Long> stored(SqlClient sql) throws IOException, InterruptedException {
    Map<String, Long> stored = new LinkedHashMap<>();
    sql.query(
        SqlResources.read("demo/stored.sql"),
        new Rows() {
          private List<Column> columns;

          @Override
          public void columns(List<Column> given) {
            columns = given;
          }

          @Override
          public void row(List<JsonNode> values) {
            for (int i = 0; i < values.size(); i++) {
              stored.put(columns.get(i).name(), values.get(i).asLong());
            }
          }
        },
        Progress.NONE);
    return stored;
  }
}
