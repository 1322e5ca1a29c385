package io.millrace.gateway.access;

import java.util.Optional;

/** Knows which write keys are valid. No method blocks. */
@FunctionalInterface
public interface WriteKeys {
  /** The key that the sender presented, or empty when there is none like it. */
  Optional<WriteKey> find(String presented);

  /**
   * The key of a verified tracking domain, for requests that carry none.
   *
   * @param host lower case, without port
   */
  default Optional<WriteKey> ofHost(String host) {
    return Optional.empty();
  }

  /** What keeps the keys from being up to date, or empty when nothing does. */
  default Optional<String> staleness() {
    return Optional.empty();
  }

  /** How old what it knows is at most. */
  default double ageSeconds() {
    return 0;
  }
}
