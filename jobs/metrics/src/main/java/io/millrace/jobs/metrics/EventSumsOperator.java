package io.millrace.jobs.metrics;

import io.millrace.domain.event.Event;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;

/** Sums events by every grouping. */
final class EventSumsOperator extends PreAggregateOperator<Event> {
  private static final long serialVersionUID = 1L;
  private static final Grouping[] GROUPINGS = Grouping.values();

  @Override
  void add(Event event) {
    long visitorHash = MetricRules.visitorHash(event);
    for (Grouping grouping : GROUPINGS) {
      String value = grouping.valueOf(event);
      if (value != null) {
        MetricRules.add(
            measures(event.tenant, grouping, value, event.bot, event.occurredAt, visitorHash),
            event);
      }
    }
  }
}
