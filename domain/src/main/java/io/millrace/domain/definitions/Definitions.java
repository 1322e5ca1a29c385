package io.millrace.domain.definitions;

import io.millrace.domain.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One tenant's goals and funnels, as its file gives them:
 *
 * <pre>
 * goals:
 *   purchase:
 *     when: {event: purchase}
 *     value: revenue
 *   read-about-us:
 *     when: {page: /about-us/*}
 * funnels:
 *   checkout:
 *     per: session
 *     within: 2 h
 *     steps:
 *       - {name: Product, when: {event: product_view}}
 *       - {name: Cart,    when: {event: click, properties: {action: add_to_cart}}}
 *       - {name: Order,   when: {event: purchase, fields: {revenue_cents: {at-least: 1}}}}
 * </pre>
 *
 * <p>Immutable and thread-safe. Each goal and funnel has a version of its own as well, so that a
 * change of one leaves the others' results alone.
 */
public final class Definitions {
  /** Longest time from a funnel's first step to its last. */
  public static final Duration LONGEST_WITHIN = Duration.ofDays(90);

  /** Of a tenant that has no file. */
  public static final Definitions NONE = new Definitions(null, List.of(), List.of());

  private final String version;
  private final List<GoalDefinition> goals;
  private final List<FunnelDefinition> funnels;

  Definitions(String version, List<GoalDefinition> goals, List<FunnelDefinition> funnels) {
    this.version = version;
    this.goals = List.copyOf(goals);
    this.funnels = List.copyOf(funnels);
  }

  /**
   * Reads one file.
   *
   * @param file name of the file, for errors
   * @throws InvalidDefinitionsException with everything that is wrong, if anything is
   */
  public static Definitions parse(String file, String yaml) {
    return new DefinitionsReader(file, yaml).read();
  }

  /** The JSON schema of a file, as text. */
  public static String schema() {
    return DefinitionsReader.SCHEMA.text();
  }

  /**
   * Twelve hex digits that follow from what the file says, whatever its comments and layout; null
   * for {@link #NONE}.
   */
  public String version() {
    return version;
  }

  public List<String> goalNames() {
    return goals.stream().map(GoalDefinition::name).toList();
  }

  public List<String> funnelNames() {
    return funnels.stream().map(FunnelDefinition::name).toList();
  }

  /** What these definitions say of an event. */
  public MatchedEvent match(Event event) {
    MatchedEvent matched = MatchedEvent.of(event);
    matched.definitionsVersion = version;
    ParsedProperties properties = new ParsedProperties(event);
    List<GoalMatch> reached = new ArrayList<>(0);
    for (GoalDefinition goal : goals) {
      GoalMatch match = goal.match(event, properties);
      if (match != null) {
        reached.add(match);
      }
    }
    List<FunnelMatch> steps = new ArrayList<>(0);
    for (FunnelDefinition funnel : funnels) {
      FunnelMatch match = funnel.match(event, properties);
      if (match != null) {
        steps.add(match);
      }
    }
    matched.goals = reached.isEmpty() ? null : reached.toArray(GoalMatch[]::new);
    matched.funnels = steps.isEmpty() ? null : steps.toArray(FunnelMatch[]::new);
    return matched;
  }
}
