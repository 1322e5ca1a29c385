package io.millrace.benchmarks.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of one benchmark: a small table for people, or JSON for programs. */
public final class Report {
  /** How a report is printed. */
  public enum Output {
    table,
    json
  }

  /**
   * One line.
   *
   * @param values of the runs; the median is the figure
   */
  public record Figure(String name, String unit, List<Double> values) {
    public double median() {
      List<Double> sorted = values.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double min() {
      return values.stream().mapToDouble(v -> v).min().orElse(Double.NaN);
    }

    double max() {
      return values.stream().mapToDouble(v -> v).max().orElse(Double.NaN);
    }
  }

  private final String benchmark;
  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  public Report(String benchmark) {
    this.benchmark = benchmark;
  }

  /** Adds the value of one run. */
  public void add(String name, String unit, double value) {
    figures
        .computeIfAbsent(name, ignored -> new Figure(name, unit, new ArrayList<>()))
        .values()
        .add(value);
  }

  /** Adds a line of text under the table. */
  public void note(String text) {
    notes.add(text);
  }

  public Figure figure(String name) {
    return figures.get(name);
  }

  public void print(Output output, PrintStream out) {
    if (output == Output.json) {
      printJson(out);
    } else {
      printTable(out);
    }
  }

  private void printTable(PrintStream out) {
    out.printf(Locale.ROOT, "%s (%s)%n", benchmark, Machine.shape());
    out.printf(Locale.ROOT, "%-52s %12s %12s %12s%n", "", "median", "min", "max");
    for (Figure figure : figures.values()) {
      out.printf(
          Locale.ROOT,
          "%-52s %12s %12s %12s%n",
          figure.name + (figure.unit.isEmpty() ? "" : ", " + figure.unit),
          number(figure.median()),
          number(figure.min()),
          number(figure.max()));
    }
    notes.forEach(out::println);
  }

  private static String number(double value) {
    int digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  private void printJson(PrintStream out) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("benchmark", benchmark);
    json.put("machine", Machine.shape());
    json.put("at", Instant.now().toString());
    json.put("figures", figures.values());
    json.put("notes", notes);
    try {
      out.println(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot print the report", e);
    }
  }
}
