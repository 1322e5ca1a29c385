package io.millrace.standalone.traffic;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real traffic beside the checkout; a test that needs it is skipped where it is absent. */
public final class SharedData {
  private SharedData() {}

  public static Path file(String name) {
    String folder = System.getenv().getOrDefault("MILLRACE_SHARED", "../shared");
    Path file = Path.of(folder, "data", name);
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    return file;
  }
}
