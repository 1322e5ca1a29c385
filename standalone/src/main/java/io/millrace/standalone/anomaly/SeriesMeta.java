package io.millrace.standalone.anomaly;

import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesType;
import io.millrace.standalone.anomaly.CsvLines.WrongRowException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;

/** What a file tells of series: the same as the product knows of those it watches. */
final class SeriesMeta {
  private static final List<String> COLUMNS =
      List.of("series", "metric", "type", "cadence_min", "tz", "holidays");
  private static final BigDecimal LONGEST_CADENCE_MIN = BigDecimal.valueOf(1440);

  private final Map<String, Series> described = new HashMap<>();

  private SeriesMeta() {}

  static SeriesMeta none() {
    return new SeriesMeta();
  }

  static SeriesMeta read(Path file) {
    SeriesMeta meta = new SeriesMeta();
    CsvLines.read(file, "use", COLUMNS, meta::add);
    return meta;
  }

  /** What is known of the series in a file of this name, with or without its endings and folder. */
  Series of(String fileName) {
    String name = withoutEndings(fileName);
    Series known = described.get(name);
    if (known == null) {
      known = described.get(name.substring(name.lastIndexOf('/') + 1));
    }
    return known == null ? Series.unknown(name) : known;
  }

  private void add(CSVRecord row) throws WrongRowException {
    String name = withoutEndings(row.get("series").strip());
    if (name.isEmpty()) {
      throw new WrongRowException("series is empty; give the name of its file");
    }
    Series series =
        new Series(
            name,
            row.get("metric").strip(),
            type(row.get("type").strip()),
            cadence(row.get("cadence_min").strip()),
            zone(row.get("tz").strip()),
            holidays(row.get("holidays").strip()));
    if (described.put(name, series) != null) {
      throw new WrongRowException("series " + name + " is there twice");
    }
  }

  private static SeriesType type(String text) throws WrongRowException {
    if (text.isEmpty()) {
      return null;
    }
    return SeriesType.of(text)
        .orElseThrow(
            () ->
                new WrongRowException(
                    "type is '" + text + "'; give one of " + Arrays.toString(SeriesType.values())));
  }

  private static Duration cadence(String text) throws WrongRowException {
    if (text.isEmpty()) {
      return null;
    }
    try {
      BigDecimal minutes = new BigDecimal(text);
      if (minutes.signum() > 0 && minutes.compareTo(LONGEST_CADENCE_MIN) <= 0) {
        return Duration.ofMillis(minutes.multiply(BigDecimal.valueOf(60_000)).longValue());
      }
    } catch (NumberFormatException e) {
      throw new WrongRowException(wrongCadence(text));
    }
    throw new WrongRowException(wrongCadence(text));
  }

  private static String wrongCadence(String text) {
    return "cadence_min is '" + text + "'; give minutes above 0, up to 1440";
  }

  private static ZoneId zone(String text) throws WrongRowException {
    try {
      return text.isEmpty() ? ZoneOffset.UTC : ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new WrongRowException("tz is '" + text + "'; give a zone such as Europe/Berlin or UTC");
    }
  }

  private static Set<LocalDate> holidays(String text) throws WrongRowException {
    Set<LocalDate> days = new HashSet<>();
    for (String day : text.split("[\\s,;|]+")) {
      if (day.isEmpty()) {
        continue;
      }
      try {
        days.add(LocalDate.parse(day));
      } catch (DateTimeException e) {
        throw new WrongRowException(
            "holidays has '" + day + "'; give dates such as 2026-12-25 with spaces between");
      }
    }
    return days;
  }

  private static String withoutEndings(String name) {
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    return plain.endsWith(".csv") ? plain.substring(0, plain.length() - 4) : plain;
  }
}
