package io.millrace.jobs.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.hot.HotWindow;
import io.millrace.domain.hot.TopRules;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import io.millrace.jobs.kit.HotWrite;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Minutes and quarters of an hour as the hot store keeps them: of each list the values with the
 * most events.
 */
public final class HotMetrics implements MapFunction<MetricRow, HotWrite> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public HotWrite map(MetricRow row) throws JsonProcessingException {
    Measures sums = row.sums;
    ObjectNode json = JSON.createObjectNode();
    json.put("events", sums.events);
    json.put("page_views", sums.pageViews);
    json.put("clicks", sums.clicks);
    json.put("visitors", VisitorSketch.estimate(sums.visitors));
    json.put("sessions", sums.sessions);
    json.put("bounces", sums.bounces);
    json.put("session_seconds", sums.sessionMs / 1_000);
    json.put("engagement_ms", sums.engagementMs);
    json.put("conversions", sums.conversions);
    json.put("revenue_cents", sums.revenueCents);

    HotWindow window = row.minute ? HotWindow.MINUTE : HotWindow.QUARTER;
    HotWrite write = new HotWrite();
    write.key = HotKeys.metrics(row.tenant, row.grouping, window, row.windowStart);
    write.field = HotKeys.metricField(row.value, row.bot);
    write.version = sums.changes;
    write.value = JSON.writeValueAsString(json);
    write.expiresAt = row.windowStart + MetricRules.HOT_KEPT.toMillis();
    String list = TopRules.list(row.grouping, row.value);
    if (list != null) {
      write.index = HotKeys.top(row.tenant, list, window, row.windowStart, row.bot);
      write.member = write.field;
      write.score = sums.events;
      write.keep = window.listed();
    }
    return write;
  }
}
