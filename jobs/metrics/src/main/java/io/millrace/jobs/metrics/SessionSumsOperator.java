package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;

/** Sums closed sessions by every grouping that has them, in the window in which they start. */
final class SessionSumsOperator extends PreAggregateOperator<SessionChange> {
  private static final long serialVersionUID = 1L;

  @Override
  void add(SessionChange change) {
    Session session = change.session;
    int sign = change.takesBack() ? -1 : 1;
    for (Grouping grouping : Grouping.values()) {
      String value = grouping.valueOf(session);
      if (value != null) {
        MetricRules.add(
            measures(session.tenant, grouping, value, session.bot, session.startedAt),
            session,
            sign);
      }
    }
  }
}
