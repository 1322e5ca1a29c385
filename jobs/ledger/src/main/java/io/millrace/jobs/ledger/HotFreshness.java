package io.millrace.jobs.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.kit.HotWrite;
import org.apache.flink.api.common.functions.MapFunction;

/** Up to when a tenant's numbers are complete, as the hot store keeps it. */
public final class HotFreshness implements MapFunction<CompleteUpTo, HotWrite> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public HotWrite map(CompleteUpTo complete) throws JsonProcessingException {
    HotWrite write = new HotWrite();
    write.key = HotKeys.completeUpTo(complete.tenant);
    // Time only goes on: what a restored job repeats never takes back what was said.
    write.version = complete.at;
    write.value =
        JSON.writeValueAsString(JSON.createObjectNode().put("complete_up_to", complete.at));
    write.expiresAt = complete.at + MetricRules.HOT_KEPT.toMillis();
    return write;
  }
}
