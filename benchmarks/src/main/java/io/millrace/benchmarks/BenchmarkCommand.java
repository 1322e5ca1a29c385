package io.millrace.benchmarks;

import io.millrace.benchmarks.measure.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Option;

/** What all benchmarks share: how they print, and a folder that is gone afterwards. */
abstract class BenchmarkCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless given.")
  Report.Output output;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("millrace-benchmark-");
    try {
      measure(folder).print(output, System.out);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
    return 0;
  }

  abstract Report measure(Path folder) throws Exception;
}
