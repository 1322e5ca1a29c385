package io.millrace.jobs.conversions;

import io.millrace.jobs.kit.Columns;

/** {@code lake.funnel_steps}; a row that goes is written whole, as in {@code lake.sessions}. */
public final class FunnelStepColumns {
  private FunnelStepColumns() {}

  public static Columns<FunnelStepChange> columns() {
    return new Columns<FunnelStepChange>()
        .kind(FunnelStepChange::rowKind)
        .text("tenant", c -> c.step.tenant)
        .text("step_id", c -> c.step.stepId)
        .text("funnel", c -> c.step.funnel)
        .text("version", c -> c.step.version)
        .text("definitions_version", c -> c.step.definitionsVersion)
        .text("scope", c -> c.step.scope)
        .integer("step", c -> c.step.step)
        .text("step_name", c -> c.step.stepName)
        .text("visitor_id", c -> c.step.visitorId)
        .text("session_id", c -> c.step.sessionId)
        .text("event_id", c -> c.step.eventId)
        .time("occurred_at", c -> c.step.occurredAt)
        .flag("bot", c -> c.step.bot);
  }
}
