package io.millrace.gateway;

import com.linecorp.armeria.common.RequestHeaders;
import io.millrace.gateway.access.WriteKey;

/** How the events of a route are written in its body. */
@FunctionalInterface
interface BodyForm {
  /** The body of {@code /v1/collect} itself. */
  BodyForm EVENTS = (body, from, headers, nowMillis) -> body;

  /**
   * Writes the body as {@code /v1/collect} takes it.
   *
   * @param nowMillis the time of events that name none
   */
  byte[] toEvents(byte[] body, WriteKey from, RequestHeaders headers, long nowMillis)
      throws ProblemException;

  /** The key under which the events are taken, where the connection is not what it looks like. */
  default WriteKey key(WriteKey key) {
    return key;
  }
}
