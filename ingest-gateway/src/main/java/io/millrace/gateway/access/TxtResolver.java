package io.millrace.gateway.access;

import java.io.IOException;
import java.util.List;

/** Asks the DNS for texts. */
@FunctionalInterface
public interface TxtResolver {
  /**
   * The TXT records of a name, without their quotes; empty when it has none or does not exist.
   *
   * @throws IOException when no answer came
   */
  List<String> texts(String name) throws IOException;
}
