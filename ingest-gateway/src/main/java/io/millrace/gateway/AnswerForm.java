package io.millrace.gateway;

import com.linecorp.armeria.common.HttpResponse;

/** How a route tells what became of the events. */
@FunctionalInterface
interface AnswerForm {
  /** As {@code /v1/collect}: nothing when all is well, else what was refused. */
  AnswerForm COLLECT = Outcome::toResponse;

  /**
   * As {@code /analytics/collect/batch}: always a body, with {@code success} and {@code queued}.
   */
  AnswerForm QUEUED = (outcome, verbose) -> outcome.toQueuedResponse();

  HttpResponse of(Outcome outcome, boolean verbose);
}
