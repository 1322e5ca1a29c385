package io.millrace.domain.privacy;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an event's field {@code consent} says about being analysed. */
public enum Consent {
  GIVEN,
  REFUSED,
  /** The field is absent, or says nothing that is known. */
  UNKNOWN;

  private static final Pattern BETWEEN = Pattern.compile("[,;|\\s]+");
  private static final Pattern ASSIGNS = Pattern.compile("[=:]");
  private static final Set<String> PURPOSES = Set.of("necessary", "marketing", "none", "denied");
  private static final Set<String> ALL = Set.of("all", "granted");
  private static final Set<String> YES = Set.of("true", "granted", "yes", "1");

  /**
   * Reads the purposes that were agreed to: {@code necessary,analytics}, or {@code
   * necessary=true,analytics=false}. Whoever names purposes and not {@code analytics} refuses it.
   *
   * @param purposes null when the event has none
   */
  public static Consent toAnalytics(String purposes) {
    if (purposes == null) {
      return UNKNOWN;
    }
    Consent consent = UNKNOWN;
    for (String one : BETWEEN.split(purposes.toLowerCase(Locale.ROOT))) {
      String[] parts = ASSIGNS.split(one, 2);
      boolean yes = parts.length == 1 || YES.contains(parts[1]);
      if (parts[0].equals("analytics")) {
        return yes ? GIVEN : REFUSED;
      }
      if (ALL.contains(parts[0]) && yes) {
        consent = GIVEN;
      } else if (PURPOSES.contains(parts[0]) && consent == UNKNOWN) {
        consent = REFUSED;
      }
    }
    return consent;
  }
}
