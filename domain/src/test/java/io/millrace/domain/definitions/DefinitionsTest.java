package io.millrace.domain.definitions;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.event.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTest {
  private static final String SHOP =
      """
      # What the shop wants to know.
      goals:
        purchase:
          when: {event: purchase}
          value: revenue
        about-us:
          when: {page: /about-us/*}
          value: 250
      funnels:
        checkout:
          per: session
          within: 2 h
          steps:
            - {name: Product, when: {event: [product_view, page_view]}}
            - name: Cart
              when: {event: click, properties: {action: add_to_cart}}
      """;

  @Test
  void saysWhichGoalsAnEventReachesAndWhatTheyAreWorth() {
    Definitions definitions = Definitions.parse("shop.yaml", SHOP);
    Event purchase = event("purchase", "ann", t(0));
    purchase.revenueCents = 1_999L;
    purchase.currency = "EUR";

    GoalMatch bought = definitions.match(purchase).goals[0];
    GoalMatch read = definitions.match(pageView("ann", t(0), "/about-us/team")).goals[0];

    assertThat(bought.goal).isEqualTo("purchase");
    assertThat(bought.revenueCents).isEqualTo(1_999);
    assertThat(bought.currency).isEqualTo("EUR");
    assertThat(read.goal).isEqualTo("about-us");
    assertThat(read.revenueCents).isEqualTo(250);
    assertThat(read.currency).isNull();
    assertThat(definitions.match(event("click", "ann", t(0))).goals).isNull();
  }

  @Test
  void saysWhichStepsAnEventCanBe() {
    Definitions definitions = Definitions.parse("shop.yaml", SHOP);
    Event cart = event("click", "ann", t(0));
    cart.properties = "{\"action\":\"add_to_cart\"}";

    FunnelMatch match = definitions.match(cart).funnels[0];

    assertThat(match.funnel).isEqualTo("checkout");
    assertThat(match.perSession).isTrue();
    assertThat(match.withinMs).isEqualTo(7_200_000);
    assertThat(match.steps).containsExactly(2);
    assertThat(match.names).containsExactly("Cart");
    assertThat(match.stepsInAll).isEqualTo(2);
    assertThat(definitions.match(event("click", "ann", t(0))).funnels).isNull();
    assertThat(definitions.match(event("product_view", "ann", t(0))).funnels[0].steps)
        .containsExactly(1);
  }

  @ParameterizedTest(name = "{0} on {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{page: /a/*}                                   | page_view /a/b {}              | true",
        "{page: /a/*}                                   | page_view /a {}                | false",
        "{page: /a/*}                                   | click /a/b {}                  | false",
        "{page: /a.b}                                   | page_view /axb {}              | false",
        "{page: [/a, /b]}                               | page_view /b {}                | true",
        "{page: /*/c}                                   | page_view /a/b/c {}            | true",
        "{page-regex: '^/20\\d\\d/'}                    | page_view /2016/x {}           | true",
        "{page-regex: '/x$'}                            | page_view /2016/x {}           | true",
        "{page: /a, event: click}                       | click /a {}                    | true",
        "{page: /a, event: click}                       | page_view /a {}                | false",
        "{event: page_viewed}                           | page_view /a {}                | true",
        "{event: [a, b]}                                | b /a {}                        | true",
        "{properties: {n: 5}}                           | a / {\"n\":5.0}                | true",
        "{properties: {n: 5}}                           | a / {\"n\":\"5\"}              | true",
        "{properties: {n: 5}}                           | a / {\"n\":6}                  | false",
        "{properties: {n: 5}}                           | a / {}                         | false",
        "{properties: {n: {at-least: 5, at-most: 7}}}   | a / {\"n\":7}                  | true",
        "{properties: {n: {at-least: 5, at-most: 7}}}   | a / {\"n\":7.5}                | false",
        "{properties: {n: {at-least: 5}}}               | a / {\"n\":\"much\"}           | false",
        "{properties: {n: {in: [a, 2]}}}                | a / {\"n\":2}                  | true",
        "{properties: {n: {in: [a, 2]}}}                | a / {\"n\":3}                  | false",
        "{properties: {n: {is-not: a}}}                 | a / {}                         | true",
        "{properties: {n: {is-not: a}}}                 | a / {\"n\":\"a\"}              | false",
        "{properties: {n: {contains: ell}}}             | a / {\"n\":\"hello\"}          | true",
        "{properties: {n: {contains: ell}}}             | a / {\"n\":{\"ell\":1}}        | false",
        "{properties: {n: {exists: true}}}              | a / {\"n\":null}               | false",
        "{properties: {n: {exists: false}}}             | a / {\"n\":null}               | true",
        "{properties: {n: yes}}                         | a / {\"n\":true}               | true",
        "{properties: {a: 1, b: 2}}                     | a / {\"a\":1,\"b\":3}          | false",
        "{fields: {country: DE}}                        | a / {}                         | true",
        "{fields: {country: {in: [AT, CH]}}}            | a / {}                         | false",
        "{fields: {revenue_cents: {at-least: 100}}}     | a / {}                         | true",
        "{fields: {bot: false}}                         | a / {}                         | true",
        "{fields: {city: {exists: true}}}               | a / {}                         | false",
      })
  void holdsWhenAllThatIsGivenHolds(String when, String given, boolean expected) {
    Definitions definitions = Definitions.parse("x.yaml", "goals: {g: {when: " + when + "}}");
    String[] parts = given.split(" ", 3);
    Event event = event(parts[0], "ann", t(0));
    event.pagePath = parts[1];
    event.properties = parts[2];
    event.country = "DE";
    event.revenueCents = 100L;

    assertThat(definitions.match(event).goals != null).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "goals: {A: {when: {event: a}}}"
            + " => x.yaml, line 1: goals.A is not known; names that match ^[a-z][a-z0-9_-]{0,63}$ are allowed",
        "gaols: {} => x.yaml, line 1: gaols is not known; goals, funnels are allowed",
        "goals: {a: {}} => x.yaml, line 1: goals.a has no when; it needs one",
        "goals: {a: {when: {}}}"
            + " => x.yaml, line 1: goals.a.when is {}; at least 1 names are allowed",
        "goals: {a: {when: {event: 5}}}"
            + " => x.yaml, line 1: goals.a.when.event is 5; a text or a list is allowed",
        "goals: {a: {when: {event: Buy}}}"
            + " => x.yaml, line 1: goals.a.when.event is \"Buy\";"
            + " what matches ^[a-z][a-z0-9_.]{0,63}$ is allowed",
        "goals: {a: {when: {event: a}, value: -1}}"
            + " => x.yaml, line 1: goals.a.value is -1; at least 0 is allowed",
        "goals: {a: {when: {event: a}, value: cents}}"
            + " => x.yaml, line 1: goals.a.value is \"cents\"; what matches ^revenue$ is allowed",
        "goals: {a: {when: {page: /a, page-regex: b}}}"
            + " => x.yaml, line 1: goals.a.when.page-regex is \"b\"; page is given as well; give one"
            + " of the two, or write both as one regular expression",
        "goals: {a: {when: {page-regex: '('}}}"
            + " => x.yaml, line 1: goals.a.when.page-regex is \"(\"; a regular expression in the"
            + " syntax of RE2 is allowed, and this has: missing closing )",
        "goals: {a: {when: {page-regex: 'a(?=b)'}}}"
            + " => x.yaml, line 1: goals.a.when.page-regex is \"a(?=b)\"; a regular expression in the"
            + " syntax of RE2 is allowed, and this has: invalid or unsupported Perl syntax",
        "goals: {a: {when: {properties: {n: {more-than: 3}}}}}"
            + " => x.yaml, line 1: goals.a.when.properties.n.more-than is not known;"
            + " is, is-not, in, contains, at-least, at-most, exists are allowed",
        "funnels: {f: {per: day, steps: [{name: a, when: {event: a}}]}}"
            + " => x.yaml, line 1: funnels.f.per is \"day\"; session, visitor are allowed",
        "funnels: {f: {per: visitor, within: 91 d, steps: [{name: a, when: {event: a}}]}}"
            + " => x.yaml, line 1: funnels.f.within is \"91 d\"; at most 90 d are allowed",
        "funnels: {f: {per: visitor, within: 2h, steps: [{name: a, when: {event: a}}]}}"
            + " => x.yaml, line 1: funnels.f.within is \"2h\";"
            + " what matches ^[1-9][0-9]{0,6} (s|min|h|d)$ is allowed",
        "funnels: {f: {per: visitor, steps: []}}"
            + " => x.yaml, line 1: funnels.f.steps is []; at least 1 elements are allowed",
        "funnels: {f: {per: visitor, steps: [{name: a, when: {event: a}},"
            + " {name: a, when: {event: b}}]}}"
            + " => x.yaml, line 1: funnels.f.steps.1.name is \"a\";"
            + " another step has it; give each step its own name",
        "goals: 3 => x.yaml, line 1: goals is 3; an object is allowed",
        "3 => x.yaml, line 1: the file is 3; an object is allowed",
        "goals: {a: {when: {event: a}}, a: {when: {event: b}}}"
            + " => x.yaml, line 1: goals.a is given twice; give each name once",
        "goals: {a: {when: {event: !!java.net.URL [a]}}}"
            + " => x.yaml, line 1: is no YAML that can be read: Global tag is not"
            + " allowed: tag:yaml.org,…",
        "goals: {a: {when: {event: !secret x}}}"
            + " => x.yaml, line 1: goals.a.when.event has the tag !secret; texts, numbers, true and"
            + " false, lists and objects are allowed",
        "goals: {a: {when: {properties: {zip: 01234}}}}"
            + " => x.yaml, line 1: goals.a.when.properties.zip is 01234;"
            + " give a number without a leading 0, or a text",
        "goals: {a: {when: {properties: {at: 10:30}}}}"
            + " => x.yaml, line 1: goals.a.when.properties.at is 10:30, which YAML takes for a"
            + " number; give it in digits, or in quotes if it is a text",
        "goals: {a: &x {when: {event: a}}, b: *x}"
            + " => x.yaml: is no YAML that can be read: Number of aliases for non-scalar nodes"
            + " e…",
        "goals: {a: [ => x.yaml, line 1: is no YAML that can be read: expected the node content,"
            + " but found '<s…",
      })
  void saysFilePlaceValueAndWhatIsAllowed(String yaml, String problem) {
    assertThatThrownBy(() -> Definitions.parse("x.yaml", yaml))
        .isInstanceOf(InvalidDefinitionsException.class)
        .hasMessage("Cannot use the definitions: " + problem);
  }

  @Test
  void namesTheKnownFieldsWhereOneIsUnknown() {
    assertThatThrownBy(
            () -> Definitions.parse("x.yaml", "goals: {a: {when: {fields: {page: /a}}}}"))
        .hasMessage(
            "Cannot use the definitions: x.yaml, line 1: goals.a.when.fields.page is \"page\";"
                + " entity_type, entity_id, owner_id, actor_type, actor_id, source, channel,"
                + " traffic_source, traffic_medium, traffic_campaign, user_id, page_title, browser,"
                + " os, device_type, country, region, city, experiment, variant, currency,"
                + " revenue_cents, bot are allowed");
  }

  @Test
  void saysEverythingThatIsWrongWithItsLine() {
    String yaml =
        """
        goals:
          a:
            when:
              event: Buy
          b: {}
        funnels:
          f:
            per: day
            steps:
              - name: x
                when: {event: a}
        """;

    assertThatThrownBy(() -> Definitions.parse("acme.yaml", yaml))
        .isInstanceOfSatisfying(
            InvalidDefinitionsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "acme.yaml, line 4: goals.a.when.event is \"Buy\";"
                            + " what matches ^[a-z][a-z0-9_.]{0,63}$ is allowed",
                        "acme.yaml, line 5: goals.b has no when; it needs one",
                        "acme.yaml, line 8: funnels.f.per is \"day\";"
                            + " session, visitor are allowed"));
  }

  @Test
  void hasAVersionThatFollowsFromWhatTheFileSaysAndNotFromHow() {
    String reordered =
        """
        funnels:
          checkout:
            steps:
              - {when: {event: [product_view, page_view]}, name: Product}
              - {name: Cart, when: {properties: {action: add_to_cart}, event: click}}
            within: 2 h
            per: session
        goals:
          about-us: {value: 250, when: {page: "/about-us/*"}}
          purchase: {value: revenue, when: {event: purchase}}
        """;
    Definitions shop = Definitions.parse("shop.yaml", SHOP);

    assertThat(shop.version()).matches("[0-9a-f]{12}");
    assertThat(Definitions.parse("other.yaml", reordered).version()).isEqualTo(shop.version());
    assertThat(Definitions.parse("shop.yaml", SHOP.replace("250", "251")).version())
        .isNotEqualTo(shop.version());
  }

  @Test
  void keepsTheVersionOfAGoalWhenAnotherChanges() {
    Definitions before = Definitions.parse("shop.yaml", SHOP);
    Definitions after = Definitions.parse("shop.yaml", SHOP.replace("250", "251"));
    Event purchase = event("purchase", "ann", t(0));
    Event read = pageView("ann", t(0), "/about-us/");

    assertThat(after.match(purchase).goals[0].version)
        .isEqualTo(before.match(purchase).goals[0].version);
    assertThat(after.match(read).goals[0].version)
        .isNotEqualTo(before.match(read).goals[0].version);
    assertThat(after.match(purchase).definitionsVersion)
        .isNotEqualTo(before.match(purchase).definitionsVersion);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing yet\n", "{}", "goals: {}\nfunnels: {}\n"})
  void takesAFileThatDefinesNothing(String yaml) {
    Definitions definitions = Definitions.parse("x.yaml", yaml);

    assertThat(definitions.goalNames()).isEmpty();
    assertThat(definitions.funnelNames()).isEmpty();
    assertThat(definitions.match(pageView("ann", t(0))).matchesAny()).isFalse();
  }

  @Test
  void takesNoLongerForAPatternThatWouldTakeOthersForEver() {
    Definitions definitions =
        Definitions.parse("x.yaml", "goals: {a: {when: {page-regex: '^(a+)+$'}}}");

    MatchedEvent matched = definitions.match(pageView("ann", t(0), "a".repeat(8_000) + "!"));

    assertThat(matched.goals).isNull();
  }

  @Test
  void namesGoalsAndFunnelsInTheFilesOrder() {
    Definitions definitions = Definitions.parse("shop.yaml", SHOP);

    assertThat(definitions.goalNames()).isEqualTo(List.of("purchase", "about-us"));
    assertThat(definitions.funnelNames()).isEqualTo(List.of("checkout"));
  }
}
