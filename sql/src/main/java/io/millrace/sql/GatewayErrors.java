package io.millrace.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the one sentence that tells what went wrong in a stack trace of the SQL gateway. */
final class GatewayErrors {
  private static final String CAUSED_BY = "Caused by: ";
  private static final Pattern THROWN =
      Pattern.compile(
          "^(?:Caused by: )?((?:[\\w$]+\\.)+)([\\w$]+(?:Exception|Error|Failure))(?:: (.*))?$");
  private static final Pattern NOISE =
      Pattern.compile("^(?:SQL validation failed\\. |SQL parse failed\\. )");

  private GatewayErrors() {}

  /**
   * The deepest cause, in its widest wording: the planner repeats a cause's sentence in the next
   * exception and puts the line and column before it.
   */
  static String sentence(String trace) {
    List<String> causes = causes(trace);
    if (causes.isEmpty()) {
      return trace.lines().findFirst().orElse("The SQL gateway gave no reason").strip();
    }
    String sentence = causes.get(causes.size() - 1);
    for (int i = causes.size() - 2; i >= 0 && causes.get(i).contains(sentence); i--) {
      sentence = causes.get(i);
    }
    return NOISE.matcher(sentence).replaceFirst("");
  }

  private static List<String> causes(String trace) {
    List<String> causes = new ArrayList<>();
    for (String line : trace.lines().toList()) {
      if (!causes.isEmpty() && !line.startsWith(CAUSED_BY)) {
        continue; // only the outermost exception stands without "Caused by"
      }
      Matcher thrown = THROWN.matcher(line);
      if (!thrown.matches()) {
        continue;
      }
      String message = thrown.group(3);
      boolean telling = message != null && !message.isBlank();
      // "/ by zero" or "null" says nothing without the name of its exception.
      boolean named = thrown.group(1).startsWith("java.");
      if (telling) {
        causes.add(named ? thrown.group(2) + ": " + message.strip() : message.strip());
      } else {
        causes.add(thrown.group(2));
      }
    }
    return causes;
  }
}
