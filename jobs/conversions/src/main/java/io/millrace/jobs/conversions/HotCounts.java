package io.millrace.jobs.conversions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.kit.HotWrite;
import org.apache.flink.api.common.functions.MapFunction;

/** Counts of goals and steps as the hot store keeps them. */
public final class HotCounts implements MapFunction<HotCount, HotWrite> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public HotWrite map(HotCount count) throws JsonProcessingException {
    long quarter = MetricRules.windowStart(count.minute, MetricRules.WINDOW_MS);
    ObjectNode json = JSON.createObjectNode();
    HotWrite write = new HotWrite();
    if (count.step == 0) {
      write.key = HotKeys.goals(count.tenant, quarter);
      write.field = HotKeys.goalField(count.minute, count.bot, count.version, count.name);
      json.put("conversions", count.reached);
      json.put("revenue_cents", count.revenueCents);
    } else {
      write.key = HotKeys.funnelSteps(count.tenant, quarter);
      write.field =
          HotKeys.stepField(count.minute, count.bot, count.version, count.step, count.name);
      json.put("reached", count.reached);
      json.put("step_name", count.stepName);
      json.put("scope", count.scope);
    }
    write.version = count.changes;
    write.value = JSON.writeValueAsString(json);
    write.expiresAt = quarter + MetricRules.HOT_KEPT.toMillis();
    return write;
  }
}
