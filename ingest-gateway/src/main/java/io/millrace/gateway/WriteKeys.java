package io.millrace.gateway;

import java.util.Optional;

/** Knows which write keys are valid. */
public interface WriteKeys {
  /** The key that the sender presented, or empty when there is none like it. Does not block. */
  Optional<WriteKey> find(String presented);
}
