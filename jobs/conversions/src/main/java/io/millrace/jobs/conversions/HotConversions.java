package io.millrace.jobs.conversions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.kit.HotWrite;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * The latest conversions as the hot store keeps them. A conversion's session is not among what it
 * says: that may still move, and {@code lake.conversions} has it.
 */
public final class HotConversions implements MapFunction<Conversion, HotWrite> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public HotWrite map(Conversion conversion) throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    json.put("conversion_id", conversion.conversionId);
    json.put("goal", conversion.goal);
    json.put("version", conversion.version);
    json.put("visitor_id", conversion.visitorId);
    json.put("event_id", conversion.eventId);
    json.put("occurred_at", conversion.occurredAt);
    json.put("revenue_cents", conversion.revenueCents);
    json.put("currency", conversion.currency);
    json.put("bot", conversion.bot);

    HotWrite write = new HotWrite();
    write.key = HotKeys.conversion(conversion.tenant, conversion.conversionId);
    // It is what it is: whoever says it again says the same.
    write.version = 1;
    write.value = JSON.writeValueAsString(json);
    write.expiresAt = conversion.occurredAt + MetricRules.HOT_KEPT.toMillis();
    write.index = HotKeys.conversions(conversion.tenant);
    write.member = conversion.conversionId;
    write.score = conversion.occurredAt;
    write.keep = HotKeys.LATEST_CONVERSIONS;
    return write;
  }
}
