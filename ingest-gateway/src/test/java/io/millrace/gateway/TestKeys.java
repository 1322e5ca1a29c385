package io.millrace.gateway;

import io.millrace.gateway.access.WriteKey;
import io.millrace.gateway.access.WriteKeys;
import java.util.Optional;

/** Write keys for tests that are not about them. */
final class TestKeys {
  private TestKeys() {}

  /** Every key is one of tenant acme. */
  static WriteKeys any() {
    WriteKey web = new WriteKey("acme", "web", false, false);
    return presented -> Optional.of(web);
  }
}
