package io.millrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.backfill.BackfillReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** How the commands that recompute speak. */
final class Recomputing {
  /**
   * By then the platform has written what it makes of an event: metrics wait 5 minutes at most, and
   * commits follow within a minute.
   */
  static final String SETTLED = "now-10m";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean asJson;
  private final PrintWriter out;
  private final PrintWriter err;
  private String last = "";

  Recomputing(RootCommand root, CommandLine line) {
    this.asJson = root.output() == RootCommand.Output.JSON;
    this.out = line.getOut();
    this.err = line.getErr();
  }

  /** Tells the user how far it is, unless a program reads along. */
  Consumer<String> progress() {
    return words -> {
      if (!asJson && !words.equals(last)) {
        err.println(words);
        err.flush();
        last = words;
      }
    };
  }

  /** Prints any record as JSON, or its words. */
  void print(Object report, String words) throws JsonProcessingException {
    out.println(asJson ? JSON.writeValueAsString(report) : words);
    out.flush();
  }

  void print(BackfillReport report) throws JsonProcessingException {
    print(report, words(report));
  }

  static String words(BackfillReport report) {
    StringBuilder words = new StringBuilder();
    words.append(
        String.format(
            Locale.ROOT, "%s to %s, %,d events read", report.from(), report.to(), report.events()));
    report
        .definitions()
        .forEach(
            (tenant, version) ->
                words
                    .append(System.lineSeparator())
                    .append("goals and funnels of ")
                    .append(tenant)
                    .append(" as they are defined now, version ")
                    .append(version));
    for (BackfillReport.TableReport table : report.tables()) {
      words
          .append(System.lineSeparator())
          .append(table.differences() == 0 ? "ok     " : "DIFFERS")
          .append(
              String.format(
                  Locale.ROOT,
                  " %s: %,d missing, %,d extra, %,d changed",
                  table.table(),
                  table.missing(),
                  table.extra(),
                  table.changed()));
      if (table.unsettled() > 0) {
        words.append(
            String.format(Locale.ROOT, "; %,d left to the running platform", table.unsettled()));
      }
      for (BackfillReport.Example example : table.examples()) {
        words.append(System.lineSeparator()).append("         ").append(words(example));
      }
      if (table.branch() != null) {
        words
            .append(System.lineSeparator())
            .append("         as it should be: branch ")
            .append(table.branch());
      }
      if (table.applied() > 0) {
        words
            .append(System.lineSeparator())
            .append(String.format(Locale.ROOT, "         applied: %,d", table.applied()));
      }
      if (table.overtaken() > 0) {
        words
            .append(System.lineSeparator())
            .append(
                String.format(
                    Locale.ROOT,
                    "         not applied: %,d that somebody wrote meanwhile; run it again",
                    table.overtaken()));
      }
    }
    return words
        .append(System.lineSeparator())
        .append(
            report.holds()
                ? report.tables().stream().allMatch(table -> table.differences() == 0)
                    ? "The tables equal the recomputation."
                    : "The tables have been brought to the recomputation."
                : report.tables().stream().anyMatch(table -> table.overtaken() > 0)
                    ? "Not all differences were applied."
                    : "The tables differ from the recomputation; a branch of each is as it should be.")
        .toString();
  }

  private static String words(BackfillReport.Example example) {
    String id =
        example.id().entrySet().stream()
            .map(column -> column.getKey() + ' ' + column.getValue())
            .collect(Collectors.joining(", "));
    String columns =
        example.columns().stream()
            .map(
                column ->
                    "%s is %s, should be %s"
                        .formatted(column.name(), column.stored(), column.recomputed()))
            .collect(Collectors.joining(", "));
    return example.kind()
        + ": "
        + id
        + (columns.isEmpty() ? "" : ": " + columns)
        + (example.copies() > 1 ? " (there " + example.copies() + " times)" : "");
  }
}
