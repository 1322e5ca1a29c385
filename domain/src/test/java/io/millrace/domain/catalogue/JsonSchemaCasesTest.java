package io.millrace.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.enrich.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Compares with the public test suite, as far as it uses the keywords that the catalogue uses. */
class JsonSchemaCasesTest {
  @Test
  void agreesWithThePublicSuiteOnEveryKeywordOfTheCatalogue() throws IOException {
    List<String> differing = new ArrayList<>();
    int compared = 0;
    int others = 0;
    for (JsonNode row : SharedData.rows("json-schema-cases/cases.ndjson.gz")) {
      if (!row.get("draft").asText().equals("draft2020-12")) {
        continue;
      }
      Catalogue catalogue;
      try {
        catalogue = Catalogue.builtIn().with(Map.of("case", typeWith(row.get("schema"))));
      } catch (IllegalArgumentException usesOtherKeywords) {
        others++;
        continue;
      }
      compared++;
      String properties = "{\"value\":" + row.get("data") + "}";
      if (catalogue.check("case", properties).isEmpty() != row.get("valid").asBoolean()) {
        differing.add(row.get("group").asText() + ": " + row.get("test").asText());
      }
    }
    System.out.printf("compared %d cases, %d use other keywords%n", compared, others);

    assertThat(differing).isEmpty();
    assertThat(compared).isGreaterThan(100);
  }

  private static JsonNode typeWith(JsonNode schema) {
    ObjectNode value =
        schema.isObject() ? schema.deepCopy() : JsonNodeFactory.instance.objectNode();
    value.remove("$schema");
    ObjectNode type = JsonNodeFactory.instance.objectNode();
    ObjectNode object = type.putObject("schema").put("type", "object");
    object.putObject("properties").set("value", schema.isObject() ? value : schema);
    return type;
  }
}
