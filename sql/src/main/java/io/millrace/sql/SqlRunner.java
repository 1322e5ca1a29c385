package io.millrace.sql;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs the statements of a script one after the other and prints what each gives.
 *
 * <p>Every statement is checked before the first one runs, so that a refused script has done
 * nothing.
 */
public final class SqlRunner {
  /** What a script may do. */
  public enum Access {
    READ,
    WRITE
  }

  private SqlRunner() {}

  /**
   * @param given values that the person gave
   * @param usual values for what neither the person nor the script's header says
   */
  public static Checked check(
      SqlScript script,
      Access access,
      Map<String, String> given,
      Map<String, String> usual,
      Clock clock) {
    List<String> statements = script.bind(given, usual, clock);
    if (access == Access.READ) {
      statements.forEach(WriteGuard::requireReading);
    }
    return new Checked(statements);
  }

  /** Statements that are allowed and have a value for each parameter. */
  public static final class Checked {
    private final List<String> statements;

    private Checked(List<String> statements) {
      this.statements = statements;
    }

    /**
     * @param printers makes a printer for each result
     */
    public void run(SqlClient client, Supplier<ResultPrinter> printers, Progress progress)
        throws IOException, InterruptedException {
      for (String statement : statements) {
        ResultPrinter printer = printers.get();
        client.query(statement, printer, progress);
        printer.finish();
      }
    }
  }
}
