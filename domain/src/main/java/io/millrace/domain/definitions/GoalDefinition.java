package io.millrace.domain.definitions;

import io.millrace.domain.event.Event;

/**
 * What counts as a conversion.
 *
 * @param version hash of what the file says of this goal
 * @param fixedCents what a conversion is worth; null where the event's revenue counts
 */
record GoalDefinition(String name, String version, EventPredicate when, Long fixedCents) {
  /** The match, or null. */
  GoalMatch match(Event event, ParsedProperties properties) {
    if (!when.holds(event, properties)) {
      return null;
    }
    GoalMatch match = new GoalMatch();
    match.goal = name;
    match.version = version;
    if (fixedCents == null) {
      match.revenueCents = event.revenueCents == null ? 0 : event.revenueCents;
      match.currency = event.currency;
    } else {
      match.revenueCents = fixedCents;
    }
    return match;
  }
}
