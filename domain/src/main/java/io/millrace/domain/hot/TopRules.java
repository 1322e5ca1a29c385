package io.millrace.domain.hot;

import io.millrace.domain.metric.Grouping;
import java.util.Set;

/**
 * Which values of a window the hot store keeps: of each list those with the most events, as a
 * grouping may have a million values a day.
 *
 * <p>Events only ever come to a window, so a value that falls out of its list had no more events
 * than any that stayed, and comes back with its whole number when it gets more. So a list is exact;
 * what is left out has at most as many events as the last one listed, see {@link TopList}.
 */
public final class TopRules {
  /**
   * Types of entities with a list of their own, so that a million links leave room for products.
   */
  static final Set<String> LISTED_TYPES =
      Set.of("link", "product", "profile", "asset", "project", "license");

  private static final String OTHER_ENTITIES = "entity.other";

  private TopRules() {}

  /**
   * The list that a value competes in; null where all values are kept, as there is but one.
   *
   * @param grouping label of the {@link Grouping}
   */
  public static String list(String grouping, String value) {
    if (grouping.equals(Grouping.ALL.label())) {
      return null;
    }
    if (grouping.equals(Grouping.ENTITY.label())) {
      int slash = value.indexOf('/');
      return slash < 0 ? OTHER_ENTITIES : entities(value.substring(0, slash));
    }
    return grouping;
  }

  /** The list of the entities of a type, or that of all types that have none of their own. */
  public static String entities(String type) {
    return LISTED_TYPES.contains(type) ? "entity." + type : OTHER_ENTITIES;
  }
}
