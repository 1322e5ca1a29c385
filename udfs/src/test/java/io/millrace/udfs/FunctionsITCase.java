package io.millrace.udfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.session.SessionRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions as a user meets them: in SQL, on a cluster. */
class FunctionsITCase {
  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private static final String CHROME =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/120.0.0.0 Safari/537.36";
  private static final String TIME_OF_B = "TO_TIMESTAMP_LTZ(CAST(b AS BIGINT), 3)";

  private final TableEnvironment sql = environment(EnvironmentSettings.inBatchMode());

  /**
   * What a function gives for rows of texts.
   *
   * @param expression over the columns a, b, c …
   * @param rows the columns' values, then the result as text
   */
  private record Case(String expression, String[]... rows) {
    @Override
    public String toString() {
      return expression;
    }
  }

  private static String[] row(String... values) {
    return values;
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "user_agent(a)",
            row(CHROME, "(Chrome, 120, Windows NT, desktop, FALSE, NULL)"),
            row("curl/8.5.0", "(Curl, 8, Cloud, robot, TRUE, user_agent:http_library)"),
            row(null, "(NULL, NULL, NULL, other, TRUE, user_agent:empty)")),
        new Case("is_bot(a)", row(CHROME, "FALSE"), row("curl/8.5.0", "TRUE"), row(null, "TRUE")),
        new Case(
            "bot_reason(a)",
            row(CHROME, null),
            row("Googlebot/2.1", "user_agent:crawler_pattern"),
            row(null, "user_agent:empty")),
        new Case(
            "traffic(a, b, c)",
            row(
                "shop",
                "https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=May",
                "https://www.google.com/",
                "(campaign, news, email, May, search, Google)"),
            row(
                "shop",
                "https://shop.example/",
                "https://www.google.com/",
                "(search, Google, search, NULL, search, Google)"),
            row(
                "shop",
                "https://shop.example/",
                "https://pay.example/done",
                "(direct, NULL, NULL, NULL, internal, NULL)"),
            row(
                "blog",
                "https://blog.example/",
                "https://pay.example/done",
                "(referral, pay.example, referral, NULL, referral, pay.example)"),
            row(null, null, null, "(direct, NULL, NULL, NULL, NULL, NULL)")),
        new Case(
            "traffic('shop', a, '', b, c, '')",
            row("/?utm_source=url", "given", null, "(campaign, given, NULL, NULL, NULL, NULL)"),
            row("/?utm_source=url", " ", "mail", "(campaign, url, mail, NULL, NULL, NULL)")),
        new Case(
            "channel(a, b, c)",
            row("shop", "/?gclid=x", null, "campaign"),
            row("shop", "/", "https://pay.example/", "direct"),
            row("blog", "/", "https://pay.example/", "referral"),
            row(null, null, null, "direct")),
        new Case(
            "channel('shop', '/', a, b, c, CAST(NULL AS STRING))",
            row("https://www.google.com/", null, null, "search"),
            row("https://www.google.com/", "news", null, "campaign")),
        new Case(
            "utm(a)",
            row(
                "/?utm_source=a&utm_medium=b&utm_campaign=c%20d&utm_term=e&utm_content=f",
                "(a, b, c d, e, f)"),
            row("/", "(NULL, NULL, NULL, NULL, NULL)"),
            row(null, null)),
        new Case(
            "click_id(a)",
            row("/?fbclid=x&gclid=y", "(google, paid, campaign)"),
            row("/?fbclid=x", "(facebook, social, social)"),
            row("/", null),
            row(null, null)),
        new Case(
            "url_host(a)",
            row("https://user@WWW.Example.org.:8443/x", "www.example.org"),
            row("https://bücher.example/", "xn--bcher-kva.example"),
            row("/relative", null),
            row(null, null)),
        new Case(
            "url_path(a)",
            row("https://example.org/a%20b?c#d", "/a%20b"),
            row("https://example.org", "/"),
            row("", "/"),
            row(null, null)),
        new Case(
            "url_domain(a)",
            row("https://www.example.co.uk/", "example.co.uk"),
            row("http://10.0.0.1/", "10.0.0.1"),
            row("/relative", null),
            row(null, null)),
        new Case(
            "url_parameter(a, b)",
            row("/?q=red+shoes&q=blue", "q", "red shoes"),
            row("/?q", "q", ""),
            row("/?q=1", "Q", null),
            row("/?q=1", null, null),
            row(null, "q", null)),
        new Case(
            "scrub_url(a)",
            row("https://u:p@a.example/?token=x&b=1", "https://a.example/?token=(removed)&b=1"),
            row("/a?b=1", "/a?b=1"),
            row(null, null)),
        new Case(
            "scrub_text(a)",
            row("ask ann@example.org", "ask (email)"),
            row("nothing", "nothing"),
            row(null, null)),
        new Case(
            "truncate_address(a)",
            row("81.2.69.142:443", "81.2.69.0/24"),
            row("2001:218:1:2::3", "2001:218:1::/48"),
            row("example.org", null),
            row(null, null)),
        new Case(
            "canonical_event_type(a)",
            row("pageview", "page_view"),
            row("my_own", "my_own"),
            row(null, null)),
        new Case(
            "event_category(a)",
            row("page_view", "page"),
            row("pageview", "page"),
            row("my_own", null),
            row(null, null)),
        new Case(
            "is_page_view(a)", row("page_view", "TRUE"), row("click", "FALSE"), row(null, null)),
        new Case("is_click(a)", row("link_click", "TRUE"), row("view", "FALSE"), row(null, null)),
        new Case(
            "is_conversion(a)", row("purchase", "TRUE"), row("click", "FALSE"), row(null, null)),
        new Case(
            "event_time(TO_TIMESTAMP_LTZ(CAST(a AS BIGINT), 3), "
                + TIME_OF_B
                + ", TO_TIMESTAMP_LTZ(CAST(c AS BIGINT), 3), CAST(d AS BOOLEAN))",
            row("1000000", "1005000", "5000000", "false", "1970-01-01 01:23:15.000"),
            row("1000000", "1005000", "5000000", "true", "1970-01-01 00:16:40.000"),
            row("1000000", null, "5000000", "false", "1970-01-01 00:16:40.000"),
            row("0", "1005000", "5000000", "true", null),
            row(null, "1005000", "5000000", "true", null),
            row("1000000", "1005000", null, "true", null),
            row("1000000", "1005000", "5000000", null, null)),
        new Case(
            "session_id(a, 'ann', " + TIME_OF_B + ")",
            row("shop", "0", SessionRules.sessionId("shop", "ann", 0)),
            row("shop", "1767225600001", SessionRules.sessionId("shop", "ann", 1767225600001L)),
            row(null, "0", null),
            row("shop", null, null)),
        new Case(
            "metric_window(TO_TIMESTAMP_LTZ(CAST(a AS BIGINT), 3))",
            row("899999", "1970-01-01 00:00:00.000"),
            row("900000", "1970-01-01 00:15:00.000"),
            row("-1", "1969-12-31 23:45:00.000"),
            row(null, null)),
        new Case(
            "grouping_value(a)",
            row("/a", "/a"),
            row("", "(none)"),
            row(null, "(none)"),
            row("x".repeat(600), "x".repeat(512))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void givesOnAClusterWhatTheDomainGives(Case given) throws Exception {
    List<Row> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String[] values : given.rows()) {
      Row row = new Row(values.length);
      row.setField(0, expected.size());
      for (int i = 0; i < values.length - 1; i++) {
        row.setField(i + 1, values[i]);
      }
      rows.add(row);
      expected.add(values[values.length - 1]);
    }
    List<DataTypes.Field> columns = new ArrayList<>();
    columns.add(DataTypes.FIELD("place", DataTypes.INT()));
    for (int i = 0; i < given.rows()[0].length - 1; i++) {
      columns.add(DataTypes.FIELD(String.valueOf((char) ('a' + i)), DataTypes.STRING()));
    }
    sql.createTemporaryView(
        "given", sql.fromValues(DataTypes.ROW(columns.toArray(DataTypes.Field[]::new)), rows));

    List<Row> found =
        rows("SELECT place, CAST(%s AS STRING) FROM given".formatted(given.expression()));

    assertThat(
            found.stream()
                .sorted(Comparator.comparing(row -> (Integer) row.getField(0)))
                .map(row -> (String) row.getField(1)))
        .containsExactlyElementsOf(expected);
  }

  @TestFactory
  Stream<DynamicTest> theReadmesExamplesGiveWhatItSays() throws Exception {
    return ReadmeTable.read().stream()
        .filter(ReadmeTable.Line::hasExample)
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.function(),
                    () ->
                        assertThat(rows("SELECT " + line.example()))
                            .singleElement()
                            .extracting(row -> String.valueOf(row.getField(0)))
                            .isEqualTo(line.gives())));
  }

  @Test
  void theReadmeListsTheFunctionsThatAreThere() throws Exception {
    List<String> listed = ReadmeTable.read().stream().map(ReadmeTable.Line::function).toList();
    List<String> shown =
        rows("SHOW FUNCTIONS").stream().map(row -> (String) row.getField(0)).toList();
    List<String> builtIn = Arrays.asList(plain().listFunctions());

    assertThat(listed).isEqualTo(List.copyOf(new MillraceModule(OwnHosts.none()).listFunctions()));
    assertThat(shown).containsAll(listed);
    assertThat(builtIn).doesNotContainAnyElementsOf(listed);
  }

  @Test
  void loadingTheModuleTwiceIsRefusedByFlink() {
    assertThatThrownBy(() -> sql.executeSql("LOAD MODULE millrace"))
        .hasRootCauseMessage("A module with name 'millrace' already exists");
  }

  private static TableEnvironment plain() {
    return TableEnvironment.create(EnvironmentSettings.inBatchMode());
  }

  static TableEnvironment environment(EnvironmentSettings settings) {
    TableEnvironment sql = TableEnvironment.create(settings);
    sql.getConfig().set("table.local-time-zone", "UTC");
    sql.getConfig().set("parallelism.default", "1");
    sql.getConfig().set("millrace.own-hosts", "shop:shop.example pay.example");
    sql.executeSql("LOAD MODULE millrace");
    return sql;
  }

  private List<Row> rows(String statement) throws Exception {
    return rows(sql, statement);
  }

  static List<Row> rows(TableEnvironment sql, String statement) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> found = sql.executeSql(statement).collect()) {
      found.forEachRemaining(rows::add);
    }
    return rows;
  }
}
