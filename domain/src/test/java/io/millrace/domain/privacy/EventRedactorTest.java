package io.millrace.domain.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.enrich.SharedData;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRedactorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEAD =
      "\"eventId\":\"e\",\"eventType\":\"a\",\"timestamp\":1,\"visitorId\":\"v\"";
  private static final Envelope ENVELOPE =
      new Envelope("acme", 1, null, true, null, null, null, null, null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"pageUrl\" : \"https://a.example/?q=1\" ",
        ",\"pageTitle\":\"5 @ 3\",\"properties\":{ \"q\" : \"ann@example.org\" , \"n\":1.0}",
        ",\"userId\":\"ann@example.org\",\"userAgent\":\"bot (ann@example.org)\"",
        ",\"unknown\":[{\"a\":\"who?\"},[],{},null,true,-1.5e3]"
      })
  void keepsTheBytesOfAnEventThatHoldsNothingPrivate(String fields) throws Exception {
    String event = "{ " + HEAD + fields + "}";

    Redacted kept = accepted(PrivacyPolicy.DEFAULTS, event);

    assertThat(new String(kept.bytes(), UTF_8)).isEqualTo(event);
    assertThat(kept.changed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " → ",
      textBlock =
          """
          "pageUrl" : "https://a.example/?token=abc&ü=1" , "x":1 → "pageUrl" : "https://a.example/?token=(removed)&ü=1" , "x":1
          "pageUrl":"https:\\/\\/a.example\\/?token=abc\\u0026b=2" → "pageUrl":"https://a.example/?token=(removed)&b=2"
          "pagePath":"/u/ann@example.org" → "pagePath":"/u/(email)"
          "referrer":"https://a.example/?q=%22&email=ann" → "referrer":"https://a.example/?q=%22&email=(removed)"
          "pageTitle":"Mail \\"of\\" ann@example.org" → "pageTitle":"Mail \\"of\\" (email)"
          "utmContent":"ann@example.org" → "utmContent":"(email)"
          "properties":{"href":"mailto:ann@example.org","email":"ann@example.org"} → "properties":{"href":"mailto:(email)","email":"ann@example.org"}
          "properties":{"a":[{"url":"/x?token=1"},2]},"b":["https://a.example/?pwd=1"] → "properties":{"a":[{"url":"/x?token=(removed)"},2]},"b":["https://a.example/?pwd=(removed)"]
          "ip":"203.0.113.9","pageUrl":"/?token=abc" → "ip":null,"pageUrl":"/?token=(removed)"
          "ip" : {"a":[1]} , "pageUrl":"/?token=abc" → "ip" : null , "pageUrl":"/?token=(removed)"
          "pageUrl":"/?token=abc","ip":12 → "pageUrl":"/?token=(removed)","ip":null
          """)
  void replacesOnlyWhatIsPrivate(String fields, String kept) throws Exception {
    Redacted redacted = accepted(PrivacyPolicy.DEFAULTS, "{" + HEAD + "," + fields + "}");

    assertThat(new String(redacted.bytes(), UTF_8)).isEqualTo("{" + HEAD + "," + kept + "}");
    assertThat(redacted.changed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " → ",
      textBlock =
          """
          "properties":{"secret":1,"a":2} → "properties":{"a":2}
          "properties":{"a":2, "secret":[1,{"b":2}]} → "properties":{"a":2}
          "properties":{"a":2,"secret":1,"name":"x" , "b":3} → "properties":{"a":2 , "b":3}
          "properties":{"secret":1,"name":"x","a":2,"c":{}} → "properties":{"a":2,"c":{}}
          "properties":{"secret":1,"name":"x"} → "properties":{}
          "properties":{"c":{"secret":1}} → "properties":{"c":{"secret":1}}
          "secret":1,"x":2,"name":3 → "x":2
          "properties":{"secret":1,"url":"/?token=a"},"name":{} → "properties":{"url":"/?token=(removed)"}
          """)
  void dropsDeniedProperties(String fields, String kept) throws Exception {
    PrivacyPolicy policy = filtering(null, Set.of("secret", "name"));

    Redacted redacted = accepted(policy, "{" + HEAD + "," + fields + "}");

    assertThat(new String(redacted.bytes(), UTF_8)).isEqualTo("{" + HEAD + "," + kept + "}");
    assertThat(redacted.changed()).isEqualTo(!fields.equals(kept));
  }

  @Test
  void keepsOnlyAllowedPropertiesAndEveryFieldOfTheEvent() throws Exception {
    PrivacyPolicy policy = filtering(Set.of("a", "b"), Set.of("b"));
    String event =
        "{\"x\":1,\"a\":2," + HEAD + ",\"userId\":\"u\",\"properties\":{\"b\":1,\"c\":2}}";

    Redacted redacted = accepted(policy, event);

    assertThat(new String(redacted.bytes(), UTF_8))
        .isEqualTo("{\"a\":2," + HEAD + ",\"userId\":\"u\",\"properties\":{}}");
  }

  @Test
  void leavesUrlsAloneWhenThePolicySaysSo() throws Exception {
    PrivacyPolicy policy = new PrivacyPolicy(null, null, null, null, null, false, null, null);
    String event = "{" + HEAD + ",\"pageUrl\":\"/?token=abc\"}";

    assertThat(new EventRedactor(policy).concerns(read(event))).isFalse();
    assertThat(new String(accepted(policy, event).bytes(), UTF_8)).isEqualTo(event);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " → ",
      textBlock =
          """
          {"visitorId":"v","a":1,"sessionId":"s"} → {"visitorId":"new","a":1,"sessionId":null}
          { "visitorId" : null , "a":1} → { "visitorId" : "new" , "a":1}
          { "a":1} → {"visitorId":"new", "a":1}
          {"a":1,"ip":"203.0.113.9","pageUrl":"/?token=b"} → {"visitorId":"new","a":1,"ip":null,"pageUrl":"/?token=(removed)"}
          {} → {"visitorId":"new"}
          """)
  void putsAnotherVisitorInPlaceOfTheSenders(String event, String kept) {
    byte[] bytes = event.getBytes(UTF_8);

    Redacted redacted =
        new EventRedactor(PrivacyPolicy.DEFAULTS).acceptedAs("new", bytes, 0, bytes.length);

    assertThat(new String(redacted.bytes(), UTF_8)).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " → ",
      textBlock =
          """
          7 → 7
          "https://a.example/?token=b" → "https://a.example/?token=(removed)"
          [{"ip":1,"url":"/?token=b"}] → [{"ip":null,"url":"/?token=(removed)"}]
          {"ip":"a","x":{"ip":[1]},"properties":{"ip":{"b":1},"c":2}} → {"ip":null,"x":{"ip":null},"properties":{"ip":null,"c":2}}
          {"pageUrl":["/?token=b"],"pageTitle":{"a":"/?token=b"}} → {"pageUrl":["/?token=(removed)"],"pageTitle":{"a":"/?token=(removed)"}}
          {"properties":["/?token=b"],"userId":{"ip":1}} → {"properties":["/?token=(removed)"],"userId":{"ip":null}}
          {"a":1,"a":2} → {"a":1,"a":2}
          {"eventType":"/?token=b","userId":"ann@example.org"} → {"eventType":"/?token=(removed)","userId":"ann@example.org"}
          """)
  void searchesARefusedEventAtEveryDepth(String event, String kept) {
    byte[] bytes = ("[" + event + "]").getBytes(UTF_8);

    Redacted redacted =
        new EventRedactor(PrivacyPolicy.DEFAULTS).refused(bytes, 1, bytes.length - 1);

    assertThat(new String(redacted.bytes(), UTF_8)).isEqualTo(kept);
  }

  @Test
  void findsIdAndConsentOfARefusedEvent() {
    byte[] bytes =
        "{\"x\":{\"eventId\":\"no\"},\"eventId\":\"e1\",\"consent\":\"necessary\",\"visitorId\":\"v\"}"
            .getBytes(UTF_8);
    PrivacyPolicy cookieless =
        new PrivacyPolicy(null, null, null, null, VisitorIdentity.COOKIELESS, null, null, null);

    Redacted redacted = new EventRedactor(cookieless).refused(bytes, 0, bytes.length);

    assertThat(redacted.eventId()).isEqualTo("e1");
    assertThat(redacted.consent()).isEqualTo("necessary");
    assertThat(new String(redacted.bytes(), UTF_8)).endsWith("\"visitorId\":null}");
  }

  @Test
  void findsItsWayInTheMiddleOfABodyAndLeavesValidJson() throws IOException {
    String event =
        "{" + HEAD + ",\"pageUrl\":\"/ü?token=a\",\"properties\":{\"secret\":\"ü\",\"b\":1}}";
    byte[] body = ("{\"ä\":1,\"events\":[" + event + "," + event + "]}").getBytes(UTF_8);
    int start = new String(body, UTF_8).indexOf(event) + 1; // one more byte for the ä
    int end = start + event.getBytes(UTF_8).length;

    Redacted redacted =
        new EventRedactor(filtering(null, Set.of("secret"))).accepted(body, start, end);

    assertThat(JSON.readTree(redacted.bytes()))
        .isEqualTo(
            JSON.readTree(
                "{" + HEAD + ",\"pageUrl\":\"/ü?token=(removed)\",\"properties\":{\"b\":1}}"));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"pageUrl\":\"/a?b=1\"', false",
    "'\"pageUrl\":\"/a?token=1\"', true",
    "'\"referrer\":\"https://a:b@c.example/\"', true",
    "'\"pageTitle\":\"ann@example.org\"', true",
    "'\"utmTerm\":\"ann@example.org\"', true",
    "'\"properties\":{\"a\":1}', false",
    "'\"properties\":{\"a\":\"/?token=1\"}', true",
    "'\"userId\":\"ann@example.org\"', false"
  })
  void looksTwiceOnlyAtEventsThatMayHoldSomethingPrivate(String field, boolean concerns)
      throws Exception {
    Event event = read("{" + HEAD + "," + field + "}");

    assertThat(new EventRedactor(PrivacyPolicy.DEFAULTS).concerns(event)).isEqualTo(concerns);
  }

  /** Against the same done on a tree: offsets are right in every event of real traffic. */
  @ParameterizedTest
  @CsvSource({"blog-2016, 31", "shop-2019-a, 20", "apache-2015, 0", "wiki-2015, 0"})
  void changesExactlyThePrivatePartsOfRealEvents(String set, int expected) throws IOException {
    EventRedactor redactor = new EventRedactor(PrivacyPolicy.DEFAULTS);
    int changed = 0;
    for (String line : SharedData.lines(set + "/events.ndjson.gz")) {
      byte[] bytes = line.getBytes(UTF_8);
      Redacted redacted = redactor.accepted(bytes, 0, bytes.length);
      changed += redacted.changed() ? 1 : 0;

      ObjectNode tree = (ObjectNode) JSON.readTree(line);
      tree.putNull("ip");
      for (String field : List.of("pageUrl", "referrer")) {
        tree.put(field, ScrubRules.url(tree.get(field).asText()));
      }
      assertThat(JSON.readTree(redacted.bytes())).isEqualTo(tree);
    }

    assertThat(changed).isEqualTo(expected);
  }

  private static Event read(String event) throws Exception {
    return new EventReader().read(event.getBytes(UTF_8), ENVELOPE);
  }

  private static PrivacyPolicy filtering(Set<String> allowed, Set<String> denied) {
    return new PrivacyPolicy(null, null, null, null, null, null, allowed, denied);
  }

  private static Redacted accepted(PrivacyPolicy policy, String event) {
    byte[] bytes = event.getBytes(UTF_8);
    return new EventRedactor(policy).accepted(bytes, 0, bytes.length);
  }
}
