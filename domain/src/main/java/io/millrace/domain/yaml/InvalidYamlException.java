package io.millrace.domain.yaml;

import java.util.List;

/** A text is no YAML that is taken here; says why, with the line. */
public final class InvalidYamlException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  InvalidYamlException(List<String> problems) {
    super(String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** File, line, place, value and what is allowed, one text each. */
  public List<String> problems() {
    return problems;
  }
}
