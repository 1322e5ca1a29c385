package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnomalyCommandTest {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final String HEADER = "timestamp,value\n";
  private static final String META_HEADER = "series,metric,type,cadence_min,tz,holidays\n";
  private static final int OUTAGE = 500;

  @TempDir Path temporary;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path in;
  private Path results;

  @BeforeEach
  void makeFolders() throws IOException {
    in = Files.createDirectories(temporary.resolve("in"));
    results = temporary.resolve("results");
  }

  @Test
  void writesAScoreForEachRowUnderTheSameRelativeName() throws IOException {
    write("web/views.csv", HEADER + hours(600));
    Path zipped = in.resolve("web/clicks.csv.gz");
    Files.write(zipped, gzip(HEADER + hours(600)));
    write("notes.txt", "no series");

    assertThat(score(in.toString())).isZero();

    List<String> rows = Files.readAllLines(results.resolve("web/views.csv"));
    assertThat(rows).hasSize(601);
    assertThat(rows.get(0)).isEqualTo("timestamp,value,anomaly_score");
    assertThat(rows.get(1)).startsWith("2026-01-05 00:00:00,").endsWith(",0.0");
    assertThat(rows.stream().skip(1).map(row -> row.substring(0, row.lastIndexOf(','))))
        .containsExactlyElementsOf(hours(600).lines().toList());
    assertThat(unzip(results.resolve("web/clicks.csv.gz")).lines()).containsExactlyElementsOf(rows);
    assertThat(results.resolve("notes.txt")).doesNotExist();
    assertThat(alarms(rows)).containsExactly("2026-01-25 20:00:00");
    assertThat(out.toString())
        .contains("web/views.csv      600 rows, 1 alarm: 2026-01-25 20:00:00")
        .contains("1200 rows of 2 series scored by own-past-1, 2 alarms; scores are in " + results);
  }

  @Test
  void whatIsKnownOfASeriesComesFromTheMetaFile() throws IOException {
    Path file = write("views.csv", HEADER + hours(600));
    Path meta =
        write(
            "meta",
            META_HEADER
                + "views.csv,page_views,Count,60,Europe/Berlin,2026-01-06 2026-01-25\n"
                + "other,,,,,\n");

    assertThat(score("--meta", meta.toString(), file.toString())).isZero();

    assertThat(alarms(Files.readAllLines(results.resolve("views.csv"))))
        .as("a holiday, when anything below a workday is usual; but not nothing")
        .containsExactly("2026-01-25 20:00:00");
  }

  @Test
  void timestampsMayHaveManyFormsAndStayAsTheyAre() throws IOException {
    String given =
        "timestamp,value,note\n"
            + "2026-01-05 00:00:00,1,a\n"
            + "2026-01-05T01:00:00Z,,b\n"
            + "2026-01-05T04:00:00.5+02:00,NaN,c\n"
            + "2026-01-05T03:00,4e3,d\n"
            + "2026-01-05 03:00:00.000000,-4,e\n";
    Path file = write("mixed.csv", given);

    assertThat(score(file.toString())).isZero();

    assertThat(Files.readString(results.resolve("mixed.csv")))
        .isEqualTo(
            "timestamp,value,anomaly_score\n"
                + "2026-01-05 00:00:00,1,0.0\n"
                + "2026-01-05T01:00:00Z,,0.0\n"
                + "2026-01-05T04:00:00.5+02:00,NaN,0.0\n"
                + "2026-01-05T03:00,4e3,0.0\n"
                + "2026-01-05 03:00:00.000000,-4,0.0\n");
  }

  @Test
  void programsGetJson() throws IOException {
    Path file = write("views.csv", HEADER + hours(600));

    assertThat(score("--output", "json", file.toString())).isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("model").asText()).isEqualTo("own-past-1");
    assertThat(report.at("/files/0/rows").asInt()).isEqualTo(600);
    assertThat(report.at("/files/0/alarms/0").asText()).isEqualTo("2026-01-25 20:00:00");
  }

  static Stream<Arguments> wrongFiles() {
    return Stream.of(
        Arguments.of(
            "time,value\n1,2\n",
            ", line 1: the header [time, value] lacks [timestamp]; give [timestamp, value]"),
        Arguments.of(
            HEADER + "2026-01-05 00:00:00,1\nyesterday,2\n",
            ", line 3: timestamp is 'yesterday'; give one in UTC such as 2026-03-01 12:00:00"),
        Arguments.of(
            HEADER + "2026-01-05 00:00:00,many\n",
            ", line 2: value is 'many'; give a number, or nothing where there is none"),
        Arguments.of(
            HEADER + "2026-01-05 00:00:00\n", ", line 2: it has 1 cells; the header has 2"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void aFileThatCannotBeUsedIsRefusedWithItsLine(String text, String message) throws IOException {
    Path file = write("wrong.csv", text);

    assertThat(score(file.toString())).isEqualTo(6);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines("millrace: Cannot score " + file + message + "\n");
    assertThat(results.resolve("wrong.csv")).doesNotExist();
  }

  static Stream<Arguments> wrongMeta() {
    return Stream.of(
        Arguments.of(
            "a,m,visits,60,UTC,", "type is 'visits'; give one of [count, ratio, money, gauge]"),
        Arguments.of("a,m,count,0,UTC,", "cadence_min is '0'; give minutes above 0, up to 1440"),
        Arguments.of(
            "a,m,count,often,UTC,", "cadence_min is 'often'; give minutes above 0, up to 1440"),
        Arguments.of(
            "a,m,count,60,Berlin,", "tz is 'Berlin'; give a zone such as Europe/Berlin or UTC"),
        Arguments.of(
            "a,m,count,60,UTC,Easter",
            "holidays has 'Easter'; give dates such as 2026-12-25 with spaces between"),
        Arguments.of(",m,count,60,UTC,", "series is empty; give the name of its file"));
  }

  @ParameterizedTest
  @MethodSource("wrongMeta")
  void aMetaFileThatCannotBeUsedIsRefusedWithItsLine(String row, String message)
      throws IOException {
    Path file = write("a.csv", HEADER);
    Path meta = write("meta", META_HEADER + row + "\n");

    assertThat(score("--meta", meta.toString(), file.toString())).isEqualTo(6);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: Cannot use " + meta + ", line 2: " + message + "\n");
  }

  @Test
  void refusesWhatIsNotThereAndWhatWouldBeMixed() throws IOException {
    Path first = write("a/views.csv", HEADER);
    Path second = write("b/views.csv", HEADER);
    Path missing = in.resolve("missing.csv");

    assertThat(score(missing.toString())).isEqualTo(6);
    assertThat(score(first.toString(), second.toString())).isEqualTo(6);
    results = in.resolve("results");
    assertThat(score(in.toString())).isEqualTo(6);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: Cannot score "
                + missing
                + ": there is no such file or folder\nmillrace: Cannot score "
                + first
                + " and "
                + second
                + " together: the results of both would be views.csv; score them one by one, or"
                + " give their common folder\nmillrace: Cannot write to "
                + results
                + ": it is inside "
                + in
                + ", whose files are scored; give a folder elsewhere\n");
  }

  private int score(String... words) {
    String[] command = {"anomaly", "score", "--out", results.toString()};
    return TestCommands.run(
        out, err, Stream.concat(Stream.of(command), Stream.of(words)).toArray(String[]::new));
  }

  private Path write(String name, String text) throws IOException {
    Path file = in.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static List<String> alarms(List<String> rows) {
    return rows.stream()
        .skip(1)
        .map(row -> row.split(","))
        .filter(cells -> Double.parseDouble(cells[2]) >= 0.5)
        .map(cells -> cells[0])
        .toList();
  }

  /** Visits by the hour, the same each day but for noise, and none for six hours at the end. */
  private static String hours(int count) {
    Random random = new Random(5);
    StringBuilder rows = new StringBuilder();
    LocalDateTime start = LocalDateTime.parse("2026-01-05T00:00:00");
    for (int i = 0; i < count; i++) {
      double usual = 3000 + 1500 * Math.sin(2 * Math.PI * (i % 24) / 24);
      long visits = Math.round(usual + Math.sqrt(usual) * random.nextGaussian());
      boolean out = i >= OUTAGE && i < OUTAGE + 6;
      rows.append(TIME.format(start.plusHours(i)))
          .append(',')
          .append(out ? 0 : visits)
          .append('\n');
    }
    return rows.toString();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String unzip(Path file) throws IOException {
    try (GZIPInputStream zip =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
