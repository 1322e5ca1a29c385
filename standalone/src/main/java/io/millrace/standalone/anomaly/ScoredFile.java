package io.millrace.standalone.anomaly;

import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.ScorerModel;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.standalone.anomaly.CsvLines.WrongRowException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * One file, scored.
 *
 * @param file the name of its result
 * @param rows as many as it had
 * @param alarms timestamps of the rows that alarm, as they are written in the file
 */
public record ScoredFile(String file, int rows, List<String> alarms) {
  private static final List<String> COLUMNS = List.of("timestamp", "value");
  private static final Pattern WITH_OFFSET = Pattern.compile(".*(Z|[+-]\\d{2}(:?\\d{2})?)$");
  private static final int DATE_LENGTH = 10;

  private record Row(String timestamp, String value, double score) {}

  static ScoredFile score(String name, Path in, Path out, Series series, ScorerModel model)
      throws IOException {
    SeriesScorer scorer = model.start(series);
    List<Row> rows = new ArrayList<>();
    List<String> alarms = new ArrayList<>();
    CsvLines.read(
        in,
        "score",
        COLUMNS,
        row -> {
          String timestamp = row.get("timestamp");
          String value = row.get("value");
          Verdict verdict =
              scorer.score(new Point(millis(timestamp.strip()), number(value.strip())));
          rows.add(new Row(timestamp, value, verdict.score()));
          if (verdict.alarm()) {
            alarms.add(timestamp);
          }
        });
    write(out.resolve(name), rows);
    return new ScoredFile(name, rows.size(), alarms);
  }

  private static long millis(String text) throws WrongRowException {
    String iso =
        text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' '
            ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1)
            : text;
    try {
      boolean offset =
          iso.length() > DATE_LENGTH && WITH_OFFSET.matcher(iso.substring(DATE_LENGTH)).matches();
      return offset
          ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException e) {
      throw new WrongRowException(
          "timestamp is '" + text + "'; give one in UTC such as 2026-03-01 12:00:00");
    }
  }

  /** NaN where there is no value. */
  private static double number(String text) throws WrongRowException {
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new WrongRowException(
          "value is '" + text + "'; give a number, or nothing where there is none");
    }
  }

  private static void write(Path file, List<Row> rows) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream bytes = Files.newOutputStream(file);
        OutputStream plain = CsvLines.gzipped(file) ? new GZIPOutputStream(bytes) : bytes;
        Writer writer = new OutputStreamWriter(plain, StandardCharsets.UTF_8);
        CSVPrinter csv =
            new CSVPrinter(writer, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
      csv.printRecord("timestamp", "value", "anomaly_score");
      for (Row row : rows) {
        csv.printRecord(row.timestamp(), row.value(), row.score());
      }
    }
  }
}
