package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP whose parts two servers could take apart differently, on raw sockets. */
@ExtendWith(SharedGateway.class)
class FramingITCase {
  private static final String LINE = "POST /v1/collect HTTP/1.1\r\n";
  private static final String REST = "X-Write-Key: any\r\nContent-Type: application/json\r\n";
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] \\d{3} ");

  /** A second request, hidden in the first; it must never be seen. */
  private static final String HIDDEN = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";

  static Stream<Arguments> ambiguous() {
    String host = "Host: a\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        refused(
            "length and chunks",
            LINE + host + REST + "Content-Length: 6\r\n" + chunked,
            "0\r\n\r\n" + HIDDEN),
        refused(
            "chunks and length",
            LINE + host + REST + chunked + "Content-Length: 6\r\n",
            "0\r\n\r\n" + HIDDEN),
        refused(
            "two lengths",
            LINE + host + REST + "Content-Length: 2\r\nContent-Length: 50\r\n",
            "{}" + HIDDEN),
        refused(
            "a list of lengths", LINE + host + REST + "Content-Length: 2, 50\r\n", "{}" + HIDDEN),
        refused("negative length", LINE + host + REST + "Content-Length: -1\r\n", HIDDEN),
        refused("signed length", LINE + host + REST + "Content-Length: +2\r\n", "{}" + HIDDEN),
        refused(
            "hexadecimal length", LINE + host + REST + "Content-Length: 0x2\r\n", "{}" + HIDDEN),
        refused("length of words", LINE + host + REST + "Content-Length: two\r\n", "{}" + HIDDEN),
        refused(
            "huge length",
            LINE + host + REST + "Content-Length: 99999999999999999999\r\n",
            "{}" + HIDDEN),
        refused("bad chunk size", LINE + host + REST + chunked, "zz\r\n{}\r\n0\r\n\r\n" + HIDDEN),
        refused(
            "negative chunk size", LINE + host + REST + chunked, "-1\r\n{}\r\n0\r\n\r\n" + HIDDEN),
        refused(
            "huge chunk size",
            LINE + host + REST + chunked,
            "fffffffffffffffff\r\n{}\r\n" + HIDDEN),
        refused(
            "chunk longer than it says",
            LINE + host + REST + chunked,
            "1\r\n{}\r\n0\r\n\r\n" + HIDDEN),
        refused(
            "chunked is not last",
            LINE + host + REST + "Transfer-Encoding: chunked, identity\r\n",
            "0\r\n\r\n" + HIDDEN),
        refused(
            "two transfer codings",
            LINE + host + REST + chunked + "Transfer-Encoding: identity\r\n",
            "0\r\n\r\n" + HIDDEN),
        refused(
            "space before the colon",
            LINE + host + REST + "Transfer-Encoding : chunked\r\n",
            "0\r\n\r\n" + HIDDEN),
        refused(
            "header without a name",
            LINE + host + REST + ": x\r\nContent-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "header without a colon",
            LINE + host + REST + "nonsense\r\nContent-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "NUL in a name",
            LINE + host + REST + "X-\0A: b\r\nContent-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "NUL in a value",
            LINE + host + REST + "X-A: \0\r\nContent-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "CR alone in a value",
            LINE + host + REST + "X-A: b\rX-C: d\r\nContent-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "space in the path",
            "POST /v1/collect x HTTP/1.1\r\n" + host + REST + "Content-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "no path", "POST HTTP/1.1\r\n" + host + REST + "Content-Length: 2\r\n", "{}" + HIDDEN),
        refused(
            "no version",
            "POST /v1/collect\r\n" + host + REST + "Content-Length: 2\r\n",
            "{}" + HIDDEN),
        refused(
            "method of control characters",
            "PO\u0001ST /v1/collect HTTP/1.1\r\n" + host + REST,
            HIDDEN));
  }

  private static Arguments refused(String name, String head, String body) {
    return Arguments.of(name, head + "\r\n" + body);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ambiguous")
  void refusesWhatIsAmbiguousClosesAndSeesNoSecondRequest(String name, String request)
      throws Exception {
    String answer = SharedGateway.raw(request);

    assertThat(answer).matches("(?s)HTTP/1\\.1 (400|501|505) .*").doesNotContain("live\n");
    assertThat(STATUS_LINE.matcher(answer).results().count()).isEqualTo(1);
  }

  static Stream<Arguments> other() {
    String close = "Connection: close\r\n";
    return Stream.of(
        Arguments.of("HTTP/1.0", "GET /health/live HTTP/1.0\r\n\r\n", 200),
        Arguments.of(
            "absolute URI",
            "GET http://other.example/health/live HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "encoded line break in the path",
            "GET /health/live%0d%0aX-A:%20b HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "dots in the path",
            "GET /a/../health/live HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "two hosts",
            "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "host of two words",
            "GET /health/live HTTP/1.1\r\nHost: a b\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "host with a path", "GET /health/live HTTP/1.1\r\nHost: a/b\r\n" + close + "\r\n", 400),
        Arguments.of(
            "host with a user", "GET /health/live HTTP/1.1\r\nHost: u@a\r\n" + close + "\r\n", 400),
        Arguments.of(
            "host with a port",
            "GET /health/live HTTP/1.1\r\nHost: a.example:80\r\n" + close + "\r\n",
            200),
        Arguments.of(
            "host of IPv6",
            "GET /health/live HTTP/1.1\r\nHost: [::1]:80\r\n" + close + "\r\n",
            200),
        Arguments.of(
            "a folded header, as one line",
            "GET /health/live HTTP/1.1\r\nHost: a\r\nX-A: b\r\n Connection: c\r\n" + close + "\r\n",
            200),
        Arguments.of(
            "dots above the root",
            "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "encoded dots",
            "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "NUL in the path", "GET /health/live%00 HTTP/1.1\r\nHost: a\r\n" + close + "\r\n", 400),
        Arguments.of("bad escape", "GET /health/%zz HTTP/1.1\r\nHost: a\r\n" + close + "\r\n", 400),
        Arguments.of("TRACE", "TRACE /v1/collect HTTP/1.1\r\nHost: a\r\n" + close + "\r\n", 405),
        Arguments.of(
            "CONNECT",
            "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example\r\n" + close + "\r\n",
            400),
        Arguments.of(
            "path of 20 KB",
            "GET /" + "p".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
            414),
        Arguments.of(
            "header of 20 KB",
            "GET /health/live HTTP/1.1\r\nHost: a\r\nX-A: "
                + "v".repeat(20_000)
                + "\r\n"
                + close
                + "\r\n",
            431),
        Arguments.of(
            "10,000 headers",
            "GET /health/live HTTP/1.1\r\nHost: a\r\n"
                + "X-A: v\r\n".repeat(10_000)
                + close
                + "\r\n",
            431),
        Arguments.of(
            "upgrade to nonsense",
            "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: nonsense\r\n\r\n",
            200));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("other")
  void answersOddRequestsWithTheRightStatus(String name, String request, int status)
      throws Exception {
    String answer = SharedGateway.raw(request);

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("X-A", "root:");
    assertThat(STATUS_LINE.matcher(answer).results().count()).isEqualTo(1);
  }

  @Test
  void servesOthersAfterAllThat() throws Exception {
    assertThat(SharedGateway.get("/health/live").body()).isEqualTo("live\n");
  }
}
