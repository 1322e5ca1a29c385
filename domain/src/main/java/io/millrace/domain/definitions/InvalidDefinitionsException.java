package io.millrace.domain.definitions;

import java.util.List;

/** A tenant's definitions cannot be used; says each thing that is wrong, in the file's order. */
public final class InvalidDefinitionsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * A refusal of one file.
   *
   * @param problems file, line, place, value and what is allowed, one text each
   */
  public InvalidDefinitionsException(List<String> problems) {
    super("Cannot use the definitions: " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** File, line, place, value and what is allowed, one text each. */
  public List<String> problems() {
    return problems;
  }
}
