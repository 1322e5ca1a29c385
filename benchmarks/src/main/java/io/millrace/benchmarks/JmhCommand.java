package io.millrace.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jmh}. */
@Command(
    name = "jmh",
    description = "Single methods of the domain: jmh [-- JMH's own arguments].",
    mixinStandardHelpOptions = true)
final class JmhCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", description = "Passed on to JMH, for example -- EventReader -f 1")
  List<String> arguments = List.of();

  @Override
  public Integer call() throws Exception {
    Main.main(arguments.toArray(new String[0]));
    return 0;
  }
}
