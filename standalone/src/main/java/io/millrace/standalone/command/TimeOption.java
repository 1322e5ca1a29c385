package io.millrace.standalone.command;

import io.millrace.sql.TimeText;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Points in time on the command line. */
final class TimeOption {
  private TimeOption() {}

  /**
   * @param option whose value it is, for the error
   * @return epoch ms
   * @throws ParameterException if the text is no time
   */
  static long millis(CommandLine line, String option, String text, Clock clock) {
    return TimeText.parse(text, clock)
        .orElseThrow(
            () ->
                new ParameterException(
                    line, "%s is \"%s\"; give %s".formatted(option, text, TimeText.ALLOWED)))
        .toEpochMilli();
  }
}
