package io.millrace.jobs.anomalies;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.domain.hot.HotKeys;
import io.millrace.jobs.kit.HotWrite;
import java.time.Duration;
import org.apache.flink.api.common.functions.MapFunction;

/** What is news of the series as the hot store keeps it: the latest of each tenant. */
public final class HotAnomalies implements MapFunction<VerdictRow, HotWrite> {
  private static final long serialVersionUID = 1L;

  /** How long after the start of its window an anomaly is kept. */
  public static final long KEPT_MILLIS = Duration.ofDays(ToldVerdicts.KEPT_DAYS).toMillis();

  @Override
  public HotWrite map(VerdictRow row) throws JsonProcessingException {
    HotWrite write = new HotWrite();
    write.member = row.series + '|' + row.windowStart;
    write.key = HotKeys.anomaly(row.tenant, write.member);
    write.version = row.revision;
    write.value = HotVerdicts.json(row);
    write.expiresAt = row.windowStart + KEPT_MILLIS;
    write.index = HotKeys.anomalies(row.tenant);
    write.score = row.windowStart;
    write.keep = HotKeys.LATEST_ANOMALIES;
    return write;
  }
}
