package io.millrace.domain.definitions;

import io.millrace.domain.event.Event;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Steps that visitors take one after the other.
 *
 * @param version hash of what the file says of this funnel
 * @param withinMs longest time from the first step to the last, in ms
 */
record FunnelDefinition(
    String name, String version, boolean perSession, long withinMs, List<Step> steps) {
  record Step(String name, EventPredicate when) {}

  /** The match, or null. */
  FunnelMatch match(Event event, ParsedProperties properties) {
    int[] matching =
        IntStream.range(0, steps.size())
            .filter(step -> steps.get(step).when.holds(event, properties))
            .toArray();
    if (matching.length == 0) {
      return null;
    }
    FunnelMatch match = new FunnelMatch();
    match.funnel = name;
    match.version = version;
    match.perSession = perSession;
    match.withinMs = withinMs;
    match.stepsInAll = steps.size();
    match.steps = new int[matching.length];
    match.names = new String[matching.length];
    for (int i = 0; i < matching.length; i++) {
      match.steps[i] = matching[i] + 1;
      match.names[i] = steps.get(matching[i]).name;
    }
    return match;
  }
}
