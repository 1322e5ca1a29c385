package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Odd JSON and odd text, as one event between two good ones: taken as it is, refused alone, or,
 * when nobody can say where it ends, refused with the whole body.
 */
@ExtendWith(SharedGateway.class)
class JsonCasesITCase {
  private static final String TAKEN = "taken";
  private static final String WHOLE = "malformed_json";

  /** The value of a property of the event. Bytes are written as ISO 8859-1. */
  static Stream<Arguments> values() {
    return Stream.of(
        // numbers
        Arguments.of("0", TAKEN),
        Arguments.of("-0", TAKEN),
        Arguments.of("-0.0e-0", TAKEN),
        Arguments.of("1E+2", TAKEN),
        Arguments.of("1e400", TAKEN),
        Arguments.of("-1e400", TAKEN),
        Arguments.of("1e-400", TAKEN),
        Arguments.of("1e999999999", TAKEN),
        Arguments.of("123456789012345678901234567890", TAKEN),
        Arguments.of("0.1" + "0".repeat(90), TAKEN),
        Arguments.of("1".repeat(2000), "too_long"),
        Arguments.of("1." + "1".repeat(20_000), "too_long"),
        Arguments.of("00", WHOLE),
        Arguments.of("01", WHOLE),
        Arguments.of("-01", WHOLE),
        Arguments.of("+1", WHOLE),
        Arguments.of(".5", WHOLE),
        Arguments.of("5.", WHOLE),
        Arguments.of("1e", WHOLE),
        Arguments.of("1e+", WHOLE),
        Arguments.of("1eE2", WHOLE),
        Arguments.of("0x1F", WHOLE),
        Arguments.of("1_000", WHOLE),
        Arguments.of("1 000", WHOLE),
        Arguments.of("--1", WHOLE),
        Arguments.of("-", WHOLE),
        Arguments.of("NaN", WHOLE),
        Arguments.of("-NaN", WHOLE),
        Arguments.of("Infinity", WHOLE),
        Arguments.of("-Infinity", WHOLE),
        Arguments.of("1.0f", WHOLE),
        Arguments.of("\u00ef\u00bc\u0091", WHOLE), // a full-width digit
        // words
        Arguments.of("true", TAKEN),
        Arguments.of("null", TAKEN),
        Arguments.of("True", WHOLE),
        Arguments.of("nul", WHOLE),
        Arguments.of("nulll", WHOLE),
        Arguments.of("undefined", WHOLE),
        Arguments.of("", WHOLE),
        // texts
        Arguments.of("\"\"", TAKEN),
        Arguments.of("\"\\u0041\\n\\t\\/\\\\\\\"\\b\\f\\r\"", TAKEN),
        Arguments.of("\"\\ud83d\\ude00\"", TAKEN),
        Arguments.of("\"\u00f0\u009f\u0098\u0080\"", TAKEN),
        Arguments.of("\"\\u202e\\u200b\\ufeff\\u2028\"", TAKEN), // RTL, zero width, BOM, line
        Arguments.of("\"\\ufffe\\uffff\"", TAKEN), // no characters, yet legal in JSON
        Arguments.of("\"z\u00cc\u00b4\u00cc\u00b5\u00cc\u00b6\"", TAKEN), // zalgo
        Arguments.of("\"\\u001b[31m\\u0007\"", TAKEN),
        Arguments.of("\"\\u0000\"", "illegal_text"),
        Arguments.of("\"\\ud800\"", "illegal_text"),
        Arguments.of("\"\\udc00\\ud800\"", "illegal_text"),
        Arguments.of("\"\\ud800a\"", "illegal_text"),
        Arguments.of("\"" + "x".repeat(8192) + "\"", TAKEN),
        Arguments.of("\"" + "x".repeat(8193) + "\"", "too_long"),
        Arguments.of("\"" + "\u00c3\u00bc".repeat(4097) + "\"", "too_long"),
        Arguments.of("\"" + "x".repeat(65_536) + "\"", "too_long"),
        Arguments.of("\"\\x41\"", WHOLE),
        Arguments.of("\"\\u12\"", WHOLE),
        Arguments.of("\"\\u00g0\"", WHOLE),
        Arguments.of("\"\\U0041\"", WHOLE),
        Arguments.of("\"\\\"", WHOLE),
        Arguments.of("'a'", WHOLE),
        Arguments.of("\"a\u0000b\"", WHOLE),
        Arguments.of("\"a\nb\"", WHOLE),
        Arguments.of("\"a\tb\"", WHOLE),
        Arguments.of("\"a\u001fb\"", WHOLE),
        Arguments.of("\"a\u007fb\"", TAKEN),
        // bytes that are no UTF-8
        Arguments.of("\"\u00ff\"", WHOLE),
        Arguments.of("\"\u00c0\u00af\"", WHOLE), // overlong /
        Arguments.of("\"\u00e0\u0080\u00af\"", WHOLE),
        Arguments.of("\"\u00c0\u0080\"", WHOLE), // overlong NUL
        Arguments.of("\"\u00ed\u00a0\u0080\"", WHOLE), // a surrogate
        Arguments.of("\"\u00f4\u0090\u0080\u0080\"", WHOLE), // above U+10FFFF
        Arguments.of("\"\u00e2\u0082\"", WHOLE), // cut off
        Arguments.of("\"\u0080\"", WHOLE),
        // objects and arrays
        Arguments.of("{}", TAKEN),
        Arguments.of("[]", TAKEN),
        Arguments.of("{\"\":0}", TAKEN),
        Arguments.of("{\"__proto__\":{\"a\":1},\"constructor\":1}", TAKEN),
        Arguments.of("{\"a\":1,\"A\":2}", TAKEN),
        Arguments.of("{\"a\":1,\"a\":2}", "duplicate_field"),
        Arguments.of("{\"a\":1,\"\\u0061\":2}", "duplicate_field"),
        Arguments.of("[{\"b\":{\"a\":1,\"a\":1}}]", "duplicate_field"),
        Arguments.of(nested(14), TAKEN),
        Arguments.of(nested(16), "too_deep"),
        Arguments.of(nested(900), "too_deep"),
        Arguments.of(nested(10_000), WHOLE),
        Arguments.of(nested(100_000), WHOLE),
        Arguments.of("[".repeat(100_000), WHOLE),
        Arguments.of("{\"a\":".repeat(100_000), WHOLE),
        Arguments.of("[1,]", WHOLE),
        Arguments.of("[,1]", WHOLE),
        Arguments.of("[1 2]", WHOLE),
        Arguments.of("[1", WHOLE),
        Arguments.of("{\"a\"}", WHOLE),
        Arguments.of("{\"a\":}", WHOLE),
        Arguments.of("{\"a\":1,}", WHOLE),
        Arguments.of("{a:1}", WHOLE),
        Arguments.of("{1:1}", WHOLE),
        Arguments.of("{\"a\":1;\"b\":2}", WHOLE),
        Arguments.of("{\"a\" 1}", WHOLE),
        Arguments.of("[1}", WHOLE),
        Arguments.of("1/* no */", WHOLE),
        Arguments.of("1 // no", WHOLE),
        Arguments.of("1 # no", WHOLE),
        Arguments.of(properties(256), TAKEN),
        Arguments.of("1\u000b", WHOLE),
        Arguments.of("1\u00c2\u00a0", WHOLE));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("values")
  void refusesWhatIsWrongAndNothingElse(String value, String expected) throws Exception {
    String id = SharedGateway.newId();
    String odd = SharedGateway.event(id + "-odd", ",\"properties\":{\"p\":" + value + "}");
    String body = "[" + good(id + "-1") + "," + odd + "," + good(id + "-2") + "]";

    HttpResponse<String> answer = SharedGateway.post(body.getBytes(ISO_8859_1));

    if (expected.equals(TAKEN)) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
      String kept = new String(odd.getBytes(ISO_8859_1), UTF_8);
      assertThat(SharedGateway.values()).contains(good(id + "-1"), kept, good(id + "-2"));
    } else if (expected.equals(WHOLE)) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":\"malformed_json\"").hasSizeLessThan(500);
    } else {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .startsWith("{\"accepted\":2,\"rejected\":[{\"index\":1,")
          .contains("\"code\":\"" + expected + "\"")
          .hasSizeLessThan(500);
      assertThat(SharedGateway.values()).contains(good(id + "-1"), good(id + "-2"));
    }
  }

  static Stream<Arguments> bodies() {
    String event = good("body");
    return Stream.of(
        Arguments.of("byte order mark", "\u00ef\u00bb\u00bf" + event, WHOLE),
        Arguments.of("UTF-16", utf16(event), WHOLE),
        Arguments.of("trailing NUL", event + "\0", WHOLE),
        Arguments.of("trailing text", event + "x", WHOLE),
        Arguments.of("two events in a row", event + "\n" + event, WHOLE),
        Arguments.of("only spaces", " \n\t ", WHOLE),
        Arguments.of("only a word", "true", "not_an_object"),
        Arguments.of("only a text", "\"a\"", "not_an_object"),
        Arguments.of("array in array", "[[" + event + "]]", "not_an_object"),
        Arguments.of(
            "batch in batch", "{\"events\":[{\"events\":[" + event + "]}]}", "missing_field"),
        Arguments.of("events twice", "{\"events\":[],\"events\":[" + event + "]}", WHOLE),
        Arguments.of(
            "metadata twice",
            "{\"metadata\":{\"sentAt\":1},\"events\":[" + event + "],\"metadata\":{}}",
            WHOLE),
        Arguments.of(
            "sentAt twice",
            "{\"metadata\":{\"sentAt\":1,\"sentAt\":2},\"events\":[" + event + "]}",
            WHOLE),
        Arguments.of("sentAt too large", metadata("1e999", event), "invalid_sent_at"),
        Arguments.of("sentAt negative", metadata("-5", event), "invalid_sent_at"),
        Arguments.of(
            "sentAt of 10,000 digits", metadata("9".repeat(10_000), event), "invalid_sent_at"),
        Arguments.of("eventId twice", event.replace("{", "{\"eventId\":\"x\","), "duplicate_field"),
        Arguments.of("no events", "{}", "missing_field"),
        Arguments.of(
            "timestamp is huge", event.replace("1767225599000", "1e400"), "timestamp_in_future"),
        Arguments.of(
            "timestamp is a text", event.replace("1767225599000", "\"now\""), "invalid_timestamp"),
        Arguments.of(
            "timestamp of 5,000 digits",
            event.replace("1767225599000", "9".repeat(5000)),
            "too_long"),
        Arguments.of(
            "257 properties",
            SharedGateway.event("p", ",\"properties\":" + properties(257)),
            "too_many_properties"),
        Arguments.of(
            "event of 65 KB",
            SharedGateway.event("l", ",\"properties\":{\"a\":[" + "1,".repeat(33_000) + "1]}"),
            "event_too_large"),
        Arguments.of(
            "URL of 9 KB",
            SharedGateway.event("u", ",\"pageUrl\":\"https://a.example/" + "u".repeat(9000) + "\""),
            "too_long"),
        Arguments.of(
            "URL of a script",
            SharedGateway.event("u", ",\"pageUrl\":\"javascript:alert(1)\""),
            "invalid_url"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void answers400WithTheCode(String name, String body, String code) throws Exception {
    HttpResponse<String> answer = SharedGateway.post(body.getBytes(ISO_8859_1));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"").hasSizeLessThan(500);
  }

  @Test
  void answersEachOf500BadEventsByItself() throws Exception {
    String bad =
        IntStream.range(0, 500)
            .mapToObj(i -> "{\"eventId\":\"many-" + i + "\",\"x\":" + nested(20) + "}")
            .collect(Collectors.joining(",", "[", "]"));

    HttpResponse<String> answer = SharedGateway.post(bad.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"index\":499,\"eventId\":\"many-499\"");
  }

  private static String good(String id) {
    return SharedGateway.event(id, "");
  }

  private static String metadata(String sentAt, String event) {
    return "{\"metadata\":{\"sentAt\":" + sentAt + "},\"events\":[" + event + "]}";
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static String properties(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.format(Locale.ROOT, "\"p%d\":%d", i, i))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String utf16(String text) {
    return new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_16BE), ISO_8859_1);
  }
}
