package io.millrace.jobs.anomalies;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.hot.HotKeys;
import io.millrace.jobs.kit.HotWrite;
import java.time.Duration;
import org.apache.flink.api.common.functions.MapFunction;

/** The newest verdict on each series as the hot store keeps it, for a live view with its band. */
public final class HotVerdicts implements MapFunction<VerdictRow, HotWrite> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long KEPT_MILLIS = Duration.ofDays(8).toMillis();

  @Override
  public HotWrite map(VerdictRow row) throws JsonProcessingException {
    HotWrite write = new HotWrite();
    write.key = HotKeys.verdicts(row.tenant);
    write.field = row.series;
    // What is judged anew is newer, though its window is the same.
    write.version = System.currentTimeMillis();
    write.value = json(row);
    write.expiresAt = row.windowEnd + KEPT_MILLIS;
    return write;
  }

  static String json(VerdictRow row) throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    NewsJson.write(row, json);
    return JSON.writeValueAsString(json);
  }
}
