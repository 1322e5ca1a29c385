package io.millrace.domain.alert;

import java.util.List;

/** A tenant's alert rules cannot be used; says each thing that is wrong, in the file's order. */
public final class InvalidAlertRulesException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * A refusal of one file.
   *
   * @param problems file, line, place, value and what is allowed, one text each
   */
  public InvalidAlertRulesException(List<String> problems) {
    super("Cannot use the alert rules: " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** File, line, place, value and what is allowed, one text each. */
  public List<String> problems() {
    return problems;
  }
}
