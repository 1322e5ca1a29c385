package io.millrace.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.event.EventTypes;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.TestEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> BEHAVIOUR =
      Set.of("page", "product", "conversion", "search", "interaction", "session", "error");

  private final Catalogue catalogue = Catalogue.builtIn();

  @Test
  void hasEveryCategoryAndAtLeast31TypesOfBehaviour() {
    Map<String, Long> types =
        catalogue.types().stream()
            .collect(Collectors.groupingBy(EventTypeSchema::category, Collectors.counting()));

    assertThat(types.keySet()).containsExactlyInAnyOrderElementsOf(Catalogue.CATEGORIES);
    assertThat(BEHAVIOUR.stream().mapToLong(types::get).sum()).isGreaterThanOrEqualTo(31);
  }

  @Test
  void describesEveryTypeAndEveryProperty() {
    List<String> undescribed = new ArrayList<>();
    for (EventTypeSchema type : catalogue.types()) {
      if (type.description().isBlank()) {
        undescribed.add(type.name());
      }
      undescribed(type.name(), type.schema(), undescribed);
    }

    assertThat(undescribed).isEmpty();
  }

  private static void undescribed(String place, JsonNode schema, List<String> found) {
    schema
        .path("properties")
        .fields()
        .forEachRemaining(
            property -> {
              String at = place + '.' + property.getKey();
              if (property.getValue().path("description").asText().isBlank()) {
                found.add(at);
              }
              undescribed(at, property.getValue(), found);
            });
    if (schema.has("items")) {
      undescribed(place + "[]", schema.get("items"), found);
    }
  }

  @Test
  void knowsEveryTypeThatTheMeasuresKnow() {
    for (String type :
        List.of(
            "page_view",
            "click",
            "link_click",
            "product_click",
            "affiliate_click",
            "button_click",
            "outbound_click",
            "conversion",
            "purchase",
            "order_completed")) {
      assertThat(catalogue.canonical(type)).isEqualTo(type);
      assertThat(catalogue.find(type)).as(type).isPresent();
    }
    assertThat(EventTypes.isPageView(TestEvents.pageView("ann", 1))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "page_viewed, page_view",
    "asset_viewed, asset_view",
    "search, search_query",
    "product_added, add_to_cart",
    "page_view, page_view",
    "my_own_type, my_own_type"
  })
  void takesAnAliasForTheTypeItMeans(String sent, String meant) {
    assertThat(catalogue.canonical(sent)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      textBlock =
          """
          page_view          | null
          page_view          | {}
          page_view          | {"line":2,"status":200}
          page_view          | {"loadTimeMs":1234.5,"cls":0.02}
          page_viewed        | {"ttfbMs":0}
          api_error          | {"status":404}
          scroll             | {"percent":75.0,"milestone":75}
          product_view       | {"source":"search","priceCents":1000.0,"currency":"EUR"}
          purchase           | {"products":[{"productId":"a","quantity":2},{}]}
          billing_invoice_paid | {"amountCents":500,"currency":"usd","attempt":1}
          """)
  void takesEventsInTheFormOfTheirType(String type, String properties) {
    assertThat(catalogue.check(type, properties)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scroll       | {"percent":130}                  | properties.percent is 130; scroll takes at most 100
          scroll       | {"percent":-1}                   | properties.percent is -1; scroll takes at least 0
          scroll       | {"milestone":60}                 | properties.milestone is 60; scroll takes one of 10, 25, 50, 75, 90, 100
          product_view | {"priceCents":"12"}              | properties.priceCents is "12"; product_view takes a whole number
          product_view | {"priceCents":1.5}               | properties.priceCents is 1.5; product_view takes a whole number
          product_view | {"source":"shelf"}               | properties.source is "shelf"; product_view takes one of direct, search, category, recommendation, related
          product_viewed | {"currency":"EURO"}            | properties.currency is "EURO"; product_view takes at most 3 characters
          product_view | {"currency":"E"}                 | properties.currency is "E"; product_view takes at least 3 characters
          product_view | {"brand":null}                   | properties.brand is null; product_view takes a text
          purchase     | {"products":[{},{"quantity":0}]} | properties.products.1.quantity is 0; purchase takes at least 1
          purchase     | {"products":{}}                  | properties.products is {}; purchase takes a list
          page_view    | {"cls":true}                     | properties.cls is true; page_view takes a number
          page_view    | {"\\u0063ls":true}                | properties.cls is true; page_view takes a number
          form_submit  | {"valid":"yes"}                  | properties.valid is "yes"; form_submit takes true or false
          affiliate_click | {"position":"footer"}         | properties.position is "footer"; affiliate_click takes one of hero, sidebar, inline, sticky
          """)
  void namesThePropertyItsValueAndWhatIsAllowed(String type, String properties, String message) {
    assertThat(catalogue.check(type, properties))
        .contains(new Finding(Refusal.PROPERTY_INVALID, message));
  }

  @Test
  void saysThatATypeIsNotKnown() {
    assertThat(catalogue.check("quiz_answered", null))
        .contains(
            new Finding(
                Refusal.UNKNOWN_EVENT_TYPE,
                "eventType is \"quiz_answered\", which is not in the catalogue; give one of its "
                    + catalogue.types().size()
                    + " types, or add this one to the tenant's own"));
  }

  @Test
  void checksATenantsOwnTypesAndLetsThemWin() throws IOException {
    Catalogue own =
        catalogue.with(
            Map.of(
                "quiz_answered",
                JSON.readTree(
                    """
                    {"description":"A question was answered.",
                     "schema":{"type":"object","required":["answer"],
                       "properties":{"answer":{"type":["string","integer"]},
                                     "tags":{"type":"array","items":{"const":"a"},"minItems":1}}}}
                    """),
                "scroll",
                JSON.readTree("{\"description\":\"Ours.\"}")));

    assertThat(own.check("quiz_answered", "{\"answer\":42}")).isEmpty();
    assertThat(own.check("quiz_answered", null).get().message())
        .isEqualTo("properties has no answer; quiz_answered needs it");
    assertThat(own.check("quiz_answered", "{\"answer\":[]}").get().message())
        .isEqualTo("properties.answer is []; quiz_answered takes a text or a whole number");
    assertThat(own.check("quiz_answered", "{\"answer\":1,\"tags\":[\"b\"]}").get().message())
        .isEqualTo("properties.tags.0 is \"b\"; quiz_answered takes \"a\"");
    assertThat(own.check("quiz_answered", "{\"answer\":1,\"tags\":[]}").get().message())
        .isEqualTo("properties.tags is []; quiz_answered takes at least 1 elements");
    assertThat(own.check("scroll", "{\"percent\":130}")).isEmpty();
    assertThat(own.check("page_view", "{\"cls\":true}")).isPresent();
    assertThat(catalogue.check("quiz_answered", null)).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Quiz         | {}                                      | type "Quiz": names have up to 64 of a-z, 0-9, _ and ., and start with a letter
          page_viewed  | {}                                      | type page_viewed: the name already means page_view; choose another
          quiz         | {"aliases":["q"]}                       | type quiz: a type of your own has no aliases
          quiz         | []                                      | type quiz: give an object
          quiz         | {"sample":1}                            | type quiz.sample: description, aliases and schema are allowed
          quiz         | {"schema":{"type":"string"}}            | type quiz.schema: its type must be "object"
          quiz         | {"schema":{"type":"object","$ref":"http://203.0.113.1/"}}  | type quiz.schema.$ref: description, type, enum,
          quiz         | {"schema":{"type":"object","properties":{"a":{"pattern":"(a+)+$"}}}} | type quiz.schema.properties.a.pattern: description, type, enum,
          quiz         | {"schema":{"type":"object","properties":{"a":{"maxLength":-1}}}}     | type quiz.schema.properties.a.maxLength: give a whole number from 0
          quiz         | {"schema":{"type":"object","properties":{"a":{"minimum":"0"}}}}      | type quiz.schema.properties.a.minimum: give a number
          quiz         | {"schema":{"type":"object","properties":{"a":{"type":"text"}}}}      | type quiz.schema.properties.a.type: give string, integer,
          quiz         | {"schema":{"type":"object","properties":{"a":{"enum":[]}}}}          | type quiz.schema.properties.a.enum: give a list of values
          """)
  void refusesAnOwnTypeThatIsNotInItsForm(String name, String entry, String message)
      throws IOException {
    Map<String, JsonNode> own = Map.of(name, JSON.readTree(entry));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalogue.with(own))
        .withMessageStartingWith("Cannot use the catalogue: ")
        .withMessageContaining(message.replace("type \"Quiz\"", "the type \"Quiz\""));
  }

  @Test
  void readsItsSettingsFromJsonWithDefaults() throws IOException {
    CatalogueSettings given =
        JSON.readValue(
            "{\"mode\":\"strict\",\"types\":{\"quiz\":{\"description\":\"d\"}}}",
            CatalogueSettings.class);

    assertThat(JSON.readValue("{}", CatalogueSettings.class)).isEqualTo(CatalogueSettings.DEFAULTS);
    assertThat(CatalogueSettings.DEFAULTS.mode()).isEqualTo(CatalogueMode.LENIENT);
    assertThat(given.mode()).isEqualTo(CatalogueMode.STRICT);
    assertThat(JSON.readValue(JSON.writeValueAsBytes(given), CatalogueSettings.class))
        .isEqualTo(given);
  }
}
