package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.InvalidDefinitionsException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the folder of definitions with each tick, and gives all of them when one has changed.
 *
 * <p>It keeps no state: after a restart the first tick gives what there is then.
 */
final class WatchDefinitionsFunction extends RichFlatMapFunction<Long, DefinitionsSet> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(WatchDefinitionsFunction.class);

  private final String folder;

  /** Null before the first tick. */
  private transient SortedMap<String, String> last;

  /** Complaints of the last look, so that each is logged once. */
  private transient Set<String> complaints;

  private transient Counter refused;

  WatchDefinitionsFunction(String folder) {
    this.folder = folder;
  }

  @Override
  public void open(OpenContext context) {
    complaints = new HashSet<>();
    refused = getRuntimeContext().getMetricGroup().counter("definitions_refused_total");
  }

  @Override
  public void flatMap(Long tick, Collector<DefinitionsSet> out) throws Exception {
    Set<String> now = new HashSet<>();
    SortedMap<String, String> current =
        DefinitionsFolder.read(
            Path.of(folder), last == null ? Map.of() : last, e -> complain(e, now));
    complaints = now;
    if (!current.equals(last)) {
      last = current;
      LOG.info("Definitions of {} tenants are in force", current.size());
      out.collect(DefinitionsSet.of(current));
    }
  }

  private void complain(InvalidDefinitionsException e, Set<String> now) {
    now.add(e.getMessage());
    if (!complaints.contains(e.getMessage())) {
      refused.inc();
      LOG.error("{}\nThe tenant keeps the definitions it had.", e.getMessage());
    }
  }
}
