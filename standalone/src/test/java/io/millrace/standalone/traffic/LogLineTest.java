package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
  private static final String DATE = "[20/Feb/2016:00:00:45 -0500]";

  @Test
  void readsTheCombinedFormat() throws Exception {
    LogLine line =
        LogLine.parse(
            "192.0.2.7 - ann " + DATE + " \"GET /a?b=c HTTP/1.1\" 200 17 \"http://r/\" \"UA/1\"");

    assertThat(line)
        .isEqualTo(
            new LogLine(
                "192.0.2.7",
                Instant.parse("2016-02-20T05:00:45Z").toEpochMilli(),
                "GET",
                "/a?b=c",
                200,
                "http://r/",
                "UA/1"));
  }

  @Test
  void readsTheCommonFormatWithoutReferrerAndUserAgent() throws Exception {
    LogLine line = LogLine.parse("192.0.2.7 - - " + DATE + " \"POST /form HTTP/1.0\" 302 -");

    assertThat(line.method()).isEqualTo("POST");
    assertThat(line.status()).isEqualTo(302);
    assertThat(line.referrer()).isEmpty();
    assertThat(line.userAgent()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        // raw request ~ referrer ~ rest ~ target ~ referrer ~ user agent
        "GET / HTTP/1.1 ~ - ~ \"-\" ~ / ~ `` ~ ``",
        "GET /a\\\"b HTTP/1.1 ~ http://x/\\\"q\\\" ~ \"U \\\"A\\\" x\" ~ /a\"b ~ http://x/\"q\" ~ U \"A\" x",
        "GET /\\xc3\\xbc HTTP/1.1 ~ http://r/\\xC3\\xA4 ~ \"M\\\\x41 \\xf0\\x9f\\x8c\\xbb\" ~ /ü ~ http://r/ä ~ M\\x41 🌻",
        "GET /über?q=a b HTTP/1.1 ~ - ~ \"Ü\" ~ /über?q=a b ~ `` ~ Ü",
        "GET /%D8%A7 HTTP/2.0 ~ - ~ \"UA\" \"-\" 0.004 ~ /%D8%A7 ~ `` ~ UA",
        "GET /a HTTP/1.1 ~ - ~ \"a \\tb\\x00\\xff\" ~ /a ~ `` ~ a  b?\uFFFD",
        "GET / ~ - ~ \"say \"hi\", UA\" ~ / ~ `` ~ say \"hi\", UA",
      })
  void readsEscapesAndTextOfAnyLanguage(
      String request, String referrer, String rest, String target, String from, String userAgent)
      throws Exception {
    LogLine line =
        LogLine.parse(
            "2001:db8::1 - - " + DATE + " \"" + request + "\" 200 1 \"" + referrer + "\" " + rest);

    assertThat(line.address()).isEqualTo("2001:db8::1");
    assertThat(line.target()).isEqualTo(target);
    assertThat(line.referrer()).isEqualTo(from);
    assertThat(line.userAgent()).isEqualTo(userAgent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "", "\\x16\\x03\\x01", "get / HTTP/1.1", "nonsense"})
  void hasNoMethodWhereTheRequestIsNoHttp(String request) throws Exception {
    LogLine line = LogLine.parse("192.0.2.7 - - " + DATE + " \"" + request + "\" 400 0");

    assertThat(line.method()).isEmpty();
  }

  @Test
  void knowsTheTwelveMonthsAndEveryZone() throws Exception {
    String[] months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
    for (int i = 0; i < 12; i++) {
      LogLine line =
          LogLine.parse(
              "h - - [01/" + months[i] + "/2019:03:30:00 +0330] \"GET / HTTP/1.1\" 200 1");

      assertThat(Instant.ofEpochMilli(line.timestamp()))
          .isEqualTo("2019-%02d-01T00:00:00Z".formatted(i + 1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "garbage ~ no client address followed by a space",
        "h - - no date \"GET / HTTP/1.1\" 200 1 ~ no date in square brackets",
        "h - - [31/Feb/2016:00:00:45 -0500] \"GET / HTTP/1.1\" 200 1 ~ date is \"31/Feb/2016:00:00:45 -0500\"; the form is 20/Feb/2016:00:00:45 -0500",
        "h - - [99/Foo/2016] \"GET / HTTP/1.1\" 200 1 ~ date is \"99/Foo/2016\"; the form is 20/Feb/2016:00:00:45 -0500",
        "h - - [20/Feb/2016:00:00:45 -0500] GET / HTTP/1.1 200 1 ~ no request in quotes",
        "h - - [20/Feb/2016:00:00:45 -0500] \"GET / HTTP/1.1\" 2x0 1 ~ status is \"2x0\"; it has three digits",
        "h - - [20/Feb/2016:00:00:45 -0500] \"GET / HTTP/1.1\" 200 1k ~ size is \"1k\"; it is a number or -",
        "h - - [20/Feb/2016:00:00:45 -0500] \"GET / HTTP/1.1\" 200 1 \"-\" \"UA ~ the user agent has no closing quote",
        "h - - [20/Feb/2016:00:00:45 -0500] \"GET / HTTP/1.1\" 200 1 \"-\" ~ no user agent in quotes",
        "h - - [20/Feb/2016:00:00:45 -0500] \"GET / HT ~ the request has no closing quote",
      })
  void saysWhatIsWrongWithABrokenLine(String line, String reason) {
    assertThatThrownBy(() -> LogLine.parse(line))
        .isInstanceOf(UnreadableLineException.class)
        .hasMessage(reason);
  }
}
