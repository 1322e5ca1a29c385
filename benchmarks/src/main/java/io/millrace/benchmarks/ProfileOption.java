package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --profile}, of the benchmarks that can look where their time goes. */
final class ProfileOption {
  @Option(
      names = "--profile",
      paramLabel = "DIR",
      description = "Keep a flight recording there, and print the largest costs.")
  private Path given;

  /** The folder, made if it was missing; empty if no profile is wanted. */
  Optional<Path> folder() throws IOException {
    if (given != null) {
      Files.createDirectories(given);
    }
    return Optional.ofNullable(given);
  }
}
