package io.millrace.domain.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final long NOW = 1_767_225_600_000L;
  private static final Envelope ENVELOPE = envelope(null, null, null);

  private final EventReader reader = new EventReader();

  @Test
  void readsEveryField() throws Exception {
    Event event =
        read(
            """
            {"eventId":"e1","eventType":"page_view","timestamp":1767225599000,"visitorId":"v1",
             "sessionId":"s1","userId":"u1","pageUrl":"https://a.example/x?y=1","pagePath":"/x",
             "pageTitle":"Ti\\"tle","referrer":"https://b.example/","userAgent":"UA",
             "ip":"203.0.113.9","screenResolution":"1x2","viewport":"3x4","deviceType":"mobile",
             "os":"Linux","browser":"B","browserVersion":"1","country":"FR","region":"R","city":"C",
             "utmSource":"us","utmMedium":"um","utmCampaign":"uc","utmTerm":"ut",
             "utmContent":"uo","entityType":"product","entityId":"p1","ownerId":"o1",
             "actorType":"user","actorId":"a1","source":"web","revenueCents":1999,
             "currency":"EUR","experiment":"ex","variant":"B","consent":"all","sequence":7,
             "properties":{"engagementMs":1500,"k":[1,2.50,{"a":null}],"t":true}}
            """);

    assertThat(event)
        .usingRecursiveComparison()
        .isEqualTo(
            expected(
                e -> {
                  e.clientSessionId = "s1";
                  e.userId = "u1";
                  e.pageUrl = "https://a.example/x?y=1";
                  e.pagePath = "/x";
                  e.pageTitle = "Ti\"tle";
                  e.referrer = "https://b.example/";
                  e.userAgent = "UA";
                  e.screenResolution = "1x2";
                  e.viewport = "3x4";
                  e.deviceType = "mobile";
                  e.os = "Linux";
                  e.browser = "B";
                  e.browserVersion = "1";
                  e.country = "FR";
                  e.region = "R";
                  e.city = "C";
                  e.utmSource = "us";
                  e.utmMedium = "um";
                  e.utmCampaign = "uc";
                  e.utmTerm = "ut";
                  e.utmContent = "uo";
                  e.entityType = "product";
                  e.entityId = "p1";
                  e.ownerId = "o1";
                  e.actorType = "user";
                  e.actorId = "a1";
                  e.source = "web";
                  e.revenueCents = 1999L;
                  e.currency = "EUR";
                  e.experiment = "ex";
                  e.variant = "B";
                  e.consent = "all";
                  e.sequence = 7L;
                  e.engagementMs = 1500;
                  e.properties = "{\"engagementMs\":1500,\"k\":[1,2.50,{\"a\":null}],\"t\":true}";
                }));
  }

  @Test
  void readsTheSmallestEvent() throws Exception {
    assertThat(read(with("")))
        .usingRecursiveComparison()
        .isEqualTo(expected(e -> e.userAgent = null));
  }

  @Test
  void takesANullForAnAbsentField() throws Exception {
    assertThat(
            read(with(",\"userId\":null,\"properties\":null,\"other\":null,\"revenueCents\":null")))
        .usingRecursiveComparison()
        .isEqualTo(expected(e -> e.userId = null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ,"x":1                                  | {"x":1}
          ,"x":{ "y" : [ ] },"properties":{"a":2} | {"a":2,"x":{"y":[]}}
          ,"x":1,"properties":{"x":2}             | {"x":2}
          ,"properties":{"x":2},"x":1             | {"x":2}
          ,"properties":{}                        |
          ,"properties":{"x":"\\u0001\\n\\u00e9"} | {"x":"\\u0001\\né"}
          ,"properties":{"n":-0.10e+5}            | {"n":-0.10e+5}
          """)
  void keepsUnknownFieldsInProperties(String fields, String properties) throws Exception {
    assertThat(read(with(fields)).properties).isEqualTo(properties);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ,"properties":{"engagementMs":86400000}                    | 86400000
          ,"properties":{"engagementMs":86400001}                    | 0
          ,"properties":{"engagementMs":-1}                          | 0
          ,"properties":{"engagementMs":12.9}                        | 12
          ,"properties":{"engagementMs":"12"}                        | 0
          ,"engagementMs":5                                          | 5
          ,"engagementMs":5,"properties":{"engagementMs":6}          | 6
          ,"properties":{"engagementMs":6},"engagementMs":5          | 6
          """)
  void takesEngagementFromPropertiesWhenItIsPlausible(String fields, long engagement)
      throws Exception {
    assertThat(read(with(fields)).engagementMs).isEqualTo(engagement);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                    | missing_field     | eventId is missing; eventId, eventType, timestamp and visitorId are required
          []                                    | not_an_object     | the event is a list; an event is a JSON object
          7                                     | not_an_object     | the event is a number; an event is a JSON object
          {"eventId":7}                         | wrong_type        | eventId is a number; give a text, or leave it out
          {"eventId":""}                        | empty_field       | eventId is empty; give 1 to 64 characters
          {"visitorId":" "}                     | empty_field       | visitorId is empty; give 1 to 128 characters
          {"eventType":"Page View"}             | invalid_event_type | eventType is "Page View"; it starts with a letter a-z and goes on with a-z, 0-9, _ and .
          {"eventType":"1a"}                    | invalid_event_type | eventType is "1a"; it starts with a letter a-z and goes on with a-z, 0-9, _ and .
          {"timestamp":"2026-01-01"}            | invalid_timestamp | timestamp is the text "2026-01-01"; give epoch milliseconds as a number
          {"timestamp":true}                    | invalid_timestamp | timestamp is true or false; give epoch milliseconds as a number
          {"revenueCents":19.99}                | wrong_type        | revenueCents is a number; give a whole number that fits 64 bits, or leave it out
          {"sequence":9223372036854775808}      | wrong_type        | sequence is a number; give a whole number that fits 64 bits, or leave it out
          {"properties":[1]}                    | wrong_type        | properties is a list; give an object, or leave it out
          {"userId":"a","userId":null}          | duplicate_field   | field "userId" is given twice in the event; give it once
          {"x":1,"x":2}                         | duplicate_field   | field "x" is given twice in the event; give it once
          {"x":null,"x":2}                      | duplicate_field   | field "x" is given twice in the event; give it once
          {"properties":{"x":1,"x":2}}          | duplicate_field   | field "x" is given twice in properties; give it once
          {"properties":{"y":{"x":1,"x":2}}}    | duplicate_field   | field "x" is given twice in y; give it once
          {"userId":"a\\u0000"}                 | illegal_text      | userId holds the character NUL at 1; any other character is allowed
          {"properties":{"a\\u0000":1}}         | illegal_text      | a\\u0000 holds the character NUL at 1; any other character is allowed
          {"userId":"\\ud800x"}                 | illegal_text      | userId holds a lone surrogate \\ud800 at 0; surrogates must come in pairs
          {"properties":{"x":["\\udc00"]}}      | illegal_text      | x holds a lone surrogate \\udc00 at 0; surrogates must come in pairs
          {"pageUrl":"javascript:alert(1)"}     | invalid_url       | pageUrl has the scheme "javascript"; http, https, app and relative addresses are allowed
          {"pageUrl":" Java\\nscript:alert(1)"} | invalid_url       | pageUrl has the scheme "javascript"; http, https, app and relative addresses are allowed
          {"pageUrl":"file:///etc/passwd"}      | invalid_url       | pageUrl has the scheme "file"; http, https, app and relative addresses are allowed
          """)
  void refusesAndNamesTheLimitAndTheValue(String json, String code, String message) {
    RefusedException refused = refusal(json);

    assertThat(refused.refusal().code()).isEqualTo(code);
    assertThat(refused).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ,"entityId":"1"     | entity_incomplete        | entityId is given without entityType; give both or neither
          ,"entityType":"p"   | entity_incomplete        | entityType is given without entityId; give both or neither
          ,"revenueCents":-5  | revenue_without_currency | revenueCents is -5 without currency; give both, or no revenue
          """)
  void refusesHalfOfAPair(String fields, String code, String message) {
    RefusedException refused = refusal(with(fields));

    assertThat(refused.refusal().code()).isEqualTo(code);
    assertThat(refused).hasMessage(message);
    assertThat(refused.eventId()).isEqualTo("e1");
  }

  @ParameterizedTest
  @CsvSource({
    "0, invalid_timestamp",
    "-1, invalid_timestamp",
    "-1e400, invalid_timestamp",
    "1e400, timestamp_in_future",
    "99999999999999999999, timestamp_in_future",
    "1767312000001, timestamp_in_future",
    "null, missing_field"
  })
  void refusesATimestampOutOfRange(String timestamp, String code) {
    assertThat(refusal(with("").replace("1767225599000", timestamp)).refusal().code())
        .isEqualTo(code);
  }

  @Test
  void cutsTheFractionOfATimestamp() throws Exception {
    assertThat(read(with("").replace("1767225599000", "1767225599000.75")).createdAt)
        .isEqualTo(NOW - 1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "{",
        "{\"eventId\":}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{'a':1}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":1,}",
        "{\"a\":[1,}",
        "{\"a\" 1}",
        "\uFEFF{}"
      })
  void refusesMalformedJson(String json) {
    assertThat(refusal(json).refusal()).isEqualTo(Refusal.MALFORMED_JSON);
  }

  @Test
  void saysWhereJsonIsMalformed() {
    assertThat(refusal("{\"eventId\":nope}"))
        .hasMessageStartingWith("the event is no valid JSON at byte ")
        .hasMessageContaining("Unrecognized token 'nope'");
    assertThat(refusal(with("") + "{}"))
        .hasMessage("the event is followed by more text at byte 83; send one JSON object");
  }

  @Test
  void neverManglesBytesThatAreNotUtf8() {
    for (byte[] bad :
        new byte[][] {
          {(byte) 0xC1, (byte) 0x81}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xFF}
        }) {
      byte[] json =
          with(",\"userId\":\"" + new String(bad, StandardCharsets.ISO_8859_1) + '"')
              .getBytes(StandardCharsets.ISO_8859_1);

      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> reader.read(json, ENVELOPE));

      assertThat(refused).hasMessage("the event is not UTF-8; send JSON in UTF-8");
    }
    assertThat(
            catchThrowableOfType(
                    RefusedException.class,
                    () -> reader.read(with("").getBytes(StandardCharsets.UTF_16LE), ENVELOPE))
                .refusal())
        .isEqualTo(Refusal.MALFORMED_JSON);
  }

  @Test
  void keepsControlCharactersAsData() throws Exception {
    assertThat(read(with(",\"pageTitle\":\"a\\u0007\\u001b[2J\\r\\n\"")).pageTitle)
        .isEqualTo("a\u0007\u001b[2J\r\n");
  }

  @Test
  void showsNoControlCharacterInAMessage() {
    assertThat(refusal("{\"eventType\":\"a\\u001b[2J\\u202e\"}").getMessage())
        .startsWith("eventType is \"a\\u001b[2J\\u202e\"");
  }

  @Test
  void takesTextsUpToTheirLimitsAndNoMore() throws Exception {
    assertThat(read(with(",\"pageUrl\":\"/" + "a".repeat(8191) + '"')).pageUrl).hasSize(8192);
    assertThat(refusal(with(",\"pageUrl\":\"/" + "é".repeat(4096) + '"')))
        .hasMessage("pageUrl is 8193 bytes long; at most 8192 are allowed");
    assertThat(refusal(with(",\"x\":{\"y\":\"" + "a".repeat(8193) + "\"}")))
        .hasMessage("x is 8193 bytes long; at most 8192 are allowed");
    assertThat(refusal("{\"eventId\":\"" + "a".repeat(65) + "\"}"))
        .hasMessage("eventId is 65 characters long; at most 64 are allowed");
    assertThat(refusal("{\"visitorId\":\"" + "a".repeat(129) + "\"}"))
        .hasMessage("visitorId is 129 characters long; at most 128 are allowed");
    assertThat(refusal("{\"" + "n".repeat(8193) + "\":1}").refusal()).isEqualTo(Refusal.TOO_LONG);
    assertThat(refusal("{\"n\":" + "1".repeat(1001) + "}"))
        .hasMessage("n is a number of 1001 characters; at most 1000 are allowed");
  }

  @Test
  void cutsALongUserAgentBetweenCharactersAndFlagsIt() throws Exception {
    assertThat(read(with(",\"userAgent\":\"" + "a".repeat(1024) + '"')))
        .satisfies(e -> assertThat(e.userAgentCut).isFalse())
        .satisfies(e -> assertThat(e.userAgent).hasSize(1024));
    assertThat(read(with(",\"userAgent\":\"" + "a".repeat(1022) + "😀\"")))
        .satisfies(e -> assertThat(e.userAgentCut).isTrue())
        .satisfies(e -> assertThat(e.userAgent).isEqualTo("a".repeat(1022)));
  }

  @Test
  void nestsSixteenLevelsAndNoMore() throws Exception {
    assertThat(
            read(with(",\"properties\":{\"x\":" + "[".repeat(14) + "]".repeat(14) + "}"))
                .properties)
        .isEqualTo("{\"x\":" + "[".repeat(14) + "]".repeat(14) + "}");
    assertThat(refusal(with(",\"properties\":{\"x\":" + "[".repeat(15) + "]".repeat(15) + "}")))
        .hasMessage(
            "x is nested 17 levels deep or more; at most 16 are allowed, counted from the event");
    assertThat(read(with(",\"x\":" + "[".repeat(15) + "]".repeat(15))).properties).isNotNull();
    assertThat(refusal(with(",\"x\":" + "[".repeat(16) + "]".repeat(16))).refusal())
        .isEqualTo(Refusal.TOO_DEEP);
  }

  @Test
  void takes256PropertiesAndNoMore() throws Exception {
    assertThat(read(with(",\"properties\":{" + fields(256) + "}")).properties)
        .isEqualTo("{" + fields(256) + "}");
    assertThat(refusal(with(",\"z\":0,\"properties\":{" + fields(256) + "}")))
        .hasMessage("properties has 257 fields or more; at most 256 are allowed");
  }

  @Test
  void takes64KiBAndNoMore() throws Exception {
    String padding = " ".repeat(64 * 1024 - with("").length());

    assertThat(read(with(padding)).eventId).isEqualTo("e1");
    assertThat(refusal(with(padding + ' ')))
        .hasMessage("the event has 65537 bytes; at most 65536 are allowed");
  }

  @Test
  void prefersThePlaceThatTheGatewayFound() throws Exception {
    byte[] json = with(",\"country\":\"FR\",\"city\":\"Lyon\"").getBytes(UTF_8);

    Event event = reader.read(json, envelope("DE", "curl", null));

    assertThat(event.country).isEqualTo("DE");
    assertThat(event.city).isEqualTo("Lyon");
    assertThat(event.userAgent).isEqualTo("curl");
  }

  @Test
  void correctsTheClock() throws Exception {
    byte[] json = with("").getBytes(UTF_8);

    Event event = reader.read(json, envelope(null, null, NOW + 60_000));

    assertThat(event.occurredAt).isEqualTo(NOW - 61_000);
    assertThat(event.createdAt).isEqualTo(NOW - 1000);
    assertThat(event.clockCorrected).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"visitorId\":\"\", \"a\":{\"b\":[1,{\"c\":2}]}}",
        "{\"x\":{\"y\":[[{\"userId\":\"\\u0000\"}]]}}",
        "7",
        "[[{}]]",
        "{\"x\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}"
      })
  void leavesTheNeighboursOfARefusedEventUnharmed(String bad) throws Exception {
    List<String> read = new ArrayList<>();
    String batch = "[" + with("") + "," + bad + "," + with("").replace("e1", "e2") + "]";
    try (JsonParser parser = EventReader.newFactory().createParser(batch.getBytes(UTF_8))) {
      parser.nextToken();
      JsonStreamContext outside = parser.getParsingContext();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        try {
          read.add(reader.read(parser, ENVELOPE).eventId);
        } catch (RefusedException e) {
          read.add(e.refusal().code());
          while (parser.getParsingContext() != outside) {
            parser.nextToken();
          }
        }
      }
    }

    assertThat(read).hasSize(3).startsWith("e1").endsWith("e2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"203.0.113.9\"", "7", "null", "{\"a\":[\"203.0.113.9\"]}", "\"\\u0031\""})
  void tellsWhereTheAddressStands(String value) throws Exception {
    String json = with(", \"ip\" : " + value + " , \"userId\" : \"ü\"");
    AddressSpan address = new AddressSpan();
    byte[] bytes = json.getBytes(UTF_8);
    try (JsonParser parser = EventReader.newFactory().createParser(bytes)) {
      parser.nextToken();

      reader.readFields(parser, address);
    }

    assertThat(address.isPresent()).isTrue();
    assertThat(
            new String(
                bytes, (int) address.start(), (int) (address.end() - address.start()), UTF_8))
        .isEqualTo(value);
  }

  private Event read(String json) throws RefusedException {
    return reader.read(json.getBytes(UTF_8), ENVELOPE);
  }

  private RefusedException refusal(String json) {
    return catchThrowableOfType(RefusedException.class, () -> read(json));
  }

  /** A valid event with further fields. */
  private static String with(String fields) {
    return "{\"eventId\":\"e1\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\"v1\""
        + fields
        + "}";
  }

  private static String fields(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\":" + i)
        .collect(Collectors.joining(","));
  }

  private static Envelope envelope(String country, String userAgent, Long sentAt) {
    return new Envelope(
        "acme", NOW, sentAt, false, "203.0.113.0/24", country, null, null, userAgent);
  }

  private static Event expected(Consumer<Event> changes) {
    Event event = new Event();
    event.tenant = "acme";
    event.eventId = "e1";
    event.eventType = "page_view";
    event.visitorId = "v1";
    event.occurredAt = NOW - 1000;
    event.createdAt = NOW - 1000;
    event.receivedAt = NOW;
    event.ipPrefix = "203.0.113.0/24";
    changes.accept(event);
    return event;
  }
}
