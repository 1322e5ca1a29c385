package io.millrace.domain.alert;

import java.util.Locale;

/** How bad it is, from least to most. */
public enum Severity {
  NOTICE,
  WARNING,
  CRITICAL;

  static Severity named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  boolean isAtLeast(Severity other) {
    return compareTo(other) >= 0;
  }

  /** As it is in files and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
