package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ResultPrinterTest {
  private static final List<Column> COLUMNS =
      List.of(new Column("page", "VARCHAR", 0), new Column("views", "BIGINT", 0));

  @Test
  void alignsATableByTheCellsThatATerminalShows() throws IOException {
    assertThat(
            print(
                out -> ResultPrinter.table(out, 0),
                "[\"/home\", 12]",
                "[\"日本\", 3]",
                "[\"e\u0301\", null]"))
        .isEqualTo(
            """
             page  | views
            -------+-------
             /home |    12
             日本  |     3
             e\u0301     |  NULL
            (3 rows)
            """);
  }

  @Test
  void cutsLongCellsWhereAWidthIsGivenAndShowsControlCharacters() throws IOException {
    assertThat(
            print(
                out -> ResultPrinter.table(out, 6), "[\"/very/long\", 1]", "[\"\\u001b[2\\n\", 1]"))
        .contains(" /very… |")
        .contains(" \\u001… |")
        .doesNotContain("\u001b");
  }

  @Test
  void keepsTheHeaderOfAnEmptyTable() throws IOException {
    assertThat(print(out -> ResultPrinter.table(out, 0)))
        .isEqualTo(" page | views\n------+-------\n(0 rows)\n");
  }

  @Test
  void goesOnAfterTheRowsThatSetTheWidths() throws IOException {
    String[] rows = new String[501];
    Arrays.fill(rows, "[\"/a\", 1]");
    rows[500] = "[\"/longer/than/any\", 1]";

    assertThat(print(out -> ResultPrinter.table(out, 0), rows))
        .endsWith(" /a   |     1\n /longer/than/any |     1\n(501 rows)\n");
  }

  @Test
  void writesCsvByRfc4180() throws IOException {
    assertThat(
            print(
                out -> ResultPrinter.csv(out, ResultPrinter.Formulas.KEPT),
                "[\"a,\\\"b\\\"\\nc\", 1]",
                "[null, -2]",
                "[\"=1+1\", 3]"))
        .isEqualTo("page,views\r\n\"a,\"\"b\"\"\nc\",1\r\n,-2\r\n=1+1,3\r\n");
  }

  @Test
  void disarmsTextThatASpreadsheetWouldRunButNoNumber() throws IOException {
    assertThat(
            print(
                out -> ResultPrinter.csv(out, ResultPrinter.Formulas.DISARMED),
                "[\"=HYPERLINK(1)\", -2]",
                "[\"@x\", 1]"))
        .isEqualTo("page,views\r\n'=HYPERLINK(1),-2\r\n'@x,1\r\n");
  }

  @Test
  void writesOneJsonObjectALineWithNumbersAsNumbers() throws IOException {
    assertThat(
            print(
                ResultPrinter::json,
                "[\"2026-01-01T00:00:00Z\", 12]",
                "[null, 66.70]",
                "[\"é\\\"\", 1E+3]"))
        .isEqualTo(
            """
            {"page":"2026-01-01T00:00:00Z","views":12}
            {"page":null,"views":66.70}
            {"page":"é\\"","views":1000}
            """);
  }

  private static String print(Function<OutputStream, ResultPrinter> printers, String... rows)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ResultPrinter printer = printers.apply(out);
    printer.columns(COLUMNS);
    for (String row : rows) {
      List<JsonNode> values = new ArrayList<>();
      for (JsonNode value : exact(row)) {
        values.add(value);
      }
      printer.row(values);
    }
    printer.finish();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode exact(String row) throws IOException {
    return JsonMapper.builder()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build()
        .readTree(row);
  }
}
