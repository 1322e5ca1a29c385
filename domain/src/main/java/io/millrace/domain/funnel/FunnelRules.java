package io.millrace.domain.funnel;

import io.millrace.domain.definitions.FunnelMatch;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.goal.ConversionRules;
import io.millrace.domain.goal.Touch;
import io.millrace.domain.session.SessionRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far sessions and visitors get: a step is reached at the first event that ends some chain of
 * events, one for each step up to it, in their order and within the funnel's time. Between two
 * steps anything may happen, and one event is one step of a chain.
 *
 * <p>How it works: of all chains that have reached a step, the one that began last can go on
 * longest. So one pass keeps for each step the latest beginning, and any number of steps costs as
 * much as its events match.
 */
public final class FunnelRules {
  private static final long NOT_REACHED = Long.MIN_VALUE;

  private FunnelRules() {}

  /** One funnel for one session, or for one visitor. */
  private record Unit(String funnel, String version, String sessionId) {}

  /** For each step the latest beginning of a chain that has reached it. */
  private static final class Progress {
    long[] begunAt = new long[0];

    void growTo(int steps) {
      int had = begunAt.length;
      if (had < steps) {
        begunAt = Arrays.copyOf(begunAt, steps);
        Arrays.fill(begunAt, had, steps, NOT_REACHED);
      }
    }
  }

  /**
   * All steps of all funnels that one visitor and the visitor's sessions reached.
   *
   * @param events events of one visitor, each once, in any order
   * @param touches the visitor's sessions
   */
  public static List<FunnelStep> steps(List<MatchedEvent> events, List<Touch> touches) {
    List<MatchedEvent> ordered = new ArrayList<>(events);
    ordered.sort(MatchedEvent.ORDER);
    Map<Unit, Progress> progress = new LinkedHashMap<>();
    List<FunnelStep> reached = new ArrayList<>();
    for (MatchedEvent event : ordered) {
      if (event.funnels != null) {
        Touch touch = Touch.at(touches, event.occurredAt);
        String sessionId = SessionRules.sessionId(event.tenant, event.visitorId, touch.startedAt);
        for (FunnelMatch match : event.funnels) {
          Unit unit = new Unit(match.funnel, match.version, match.perSession ? sessionId : "");
          advance(
              progress.computeIfAbsent(unit, one -> new Progress()),
              event,
              match,
              sessionId,
              reached);
        }
      }
    }
    return reached;
  }

  private static void advance(
      Progress progress,
      MatchedEvent event,
      FunnelMatch match,
      String sessionId,
      List<FunnelStep> reached) {
    int last = match.steps.length - 1;
    progress.growTo(match.steps[last]);
    long[] begunAt = progress.begunAt;
    // From the last step to the first, so that this event is not two steps of one chain.
    for (int i = last; i >= 0; i--) {
      int step = match.steps[i] - 1;
      long begun = step == 0 ? event.occurredAt : begunAt[step - 1];
      if (begun == NOT_REACHED || event.occurredAt - begun > match.withinMs) {
        continue;
      }
      if (begunAt[step] == NOT_REACHED) {
        reached.add(step(event, match, i, sessionId));
      }
      begunAt[step] = Math.max(begunAt[step], begun);
    }
  }

  private static FunnelStep step(MatchedEvent event, FunnelMatch match, int i, String sessionId) {
    FunnelStep step = new FunnelStep();
    step.tenant = event.tenant;
    step.funnel = match.funnel;
    step.version = match.version;
    step.definitionsVersion = event.definitionsVersion;
    step.scope = match.perSession ? "session" : "visitor";
    step.step = match.steps[i];
    step.stepName = match.names[i];
    step.stepsInAll = match.stepsInAll;
    step.visitorId = event.visitorId;
    step.sessionId = sessionId;
    step.eventId = event.eventId;
    step.occurredAt = event.occurredAt;
    step.bot = event.bot;
    // The event is part of the id: a row that moves to another event, and perhaps another day, is
    // one row less and another more.
    step.stepId =
        ConversionRules.id(
            event.tenant,
            match.funnel,
            match.version,
            event.visitorId,
            match.perSession ? sessionId : "",
            Integer.toString(match.steps[i]),
            event.eventId);
    return step;
  }
}
