package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.kit.Unconfirmed;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;

/**
 * Sums closed sessions by every grouping that has them, in the window in which they start.
 *
 * <p>The lake's windows get the sums at once, the hot store's minutes only when the checkpoint that
 * holds them is complete. For a failed job may have closed a session that, when its events come
 * again, first gains another one and then counts under another page: nobody would ever take the
 * first back from the hot store.
 */
final class SessionSumsOperator extends PreAggregateOperator<SessionChange> {
  private static final long serialVersionUID = 1L;

  private transient Unconfirmed<MetricUpdate> unconfirmed;

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    unconfirmed = new Unconfirmed<>(context, Types.POJO(MetricUpdate.class));
  }

  @Override
  public void open() throws Exception {
    super.open();
    if (unconfirmed.hasRestored()) {
      var service = getProcessingTimeService();
      service.registerTimer(
          service.getCurrentProcessingTime(),
          at -> unconfirmed.confirm(Unconfirmed.RESTORED, super::emit));
    }
  }

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

  @Override
  void emit(MetricUpdate update) {
    if (update.minuteStart != MetricUpdate.NOT_HOT) {
      unconfirmed.add(hotOnly(update));
      update.minuteStart = MetricUpdate.NOT_HOT;
    }
    super.emit(update);
  }

  private static MetricUpdate hotOnly(MetricUpdate update) {
    MetricUpdate hot = new MetricUpdate();
    hot.tenant = update.tenant;
    hot.grouping = update.grouping;
    hot.value = update.value;
    hot.bot = update.bot;
    hot.windowStart = update.windowStart;
    hot.minuteStart = update.minuteStart;
    hot.hotOnly = true;
    hot.sums = update.sums;
    hot.visitors = update.visitors;
    return hot;
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    unconfirmed.snapshot(context.getCheckpointId());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    unconfirmed.confirm(checkpointId, super::emit);
  }

  @Override
  public void finish() throws Exception {
    super.finish();
    unconfirmed.confirmAll(super::emit);
  }
}
