package io.millrace.gateway;

import com.linecorp.armeria.common.HttpStatus;

/** Ends the handling of a request with a problem as its answer. */
final class ProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(HttpStatus status, String code, String detail) {
    this(new Problem(status, code, detail));
  }

  ProblemException(Problem problem) {
    // No stack trace: it is an answer, and hostile input must not make it expensive.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
