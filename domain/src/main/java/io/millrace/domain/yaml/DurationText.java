package io.millrace.domain.yaml;

import java.time.Duration;

/** Durations as files give them: a whole number, a space, and s, min, h or d. */
public final class DurationText {
  private DurationText() {}

  /** The duration that this text, which a schema has let through, says. */
  public static Duration parse(String text) {
    String[] parts = text.split(" ");
    long number = Long.parseLong(parts[0]);
    return switch (parts[1]) {
      case "s" -> Duration.ofSeconds(number);
      case "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> throw new IllegalArgumentException("\"" + text + "\" has no unit s, min, h or d");
    };
  }
}
