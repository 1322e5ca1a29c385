package io.millrace.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityRulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"string"}                  | {"type":"integer"}                 | quiz.a: type was "string" and is "integer"
          {"type":["string","integer"]}      | {"type":"string"}                  | quiz.a: type was ["string","integer"] and is "string"
          {"type":"number"}                  | {"type":"integer"}                 | quiz.a: type was "number" and is "integer"
          {}                                 | {"type":"string"}                  | quiz.a: type was not limited and is "string"
          {"enum":["x","y"]}                 | {"enum":["x"]}                     | quiz.a: enum was ["x","y"] and is ["x"]
          {"type":"string"}                  | {"type":"string","enum":["x"]}     | quiz.a: enum was not limited and is ["x"]
          {"enum":["x","y"]}                 | {"const":"x"}                      | quiz.a: const was not limited and is "x"
          {"minimum":0}                      | {"minimum":1}                      | quiz.a: minimum was 0 and is 1
          {}                                 | {"minimum":0}                      | quiz.a: minimum was not limited and is 0
          {"minimum":0}                      | {"exclusiveMinimum":0}             | quiz.a: exclusiveMinimum was not limited and is 0
          {"maximum":100}                    | {"maximum":99.5}                   | quiz.a: maximum was 100 and is 99.5
          {"maxLength":10}                   | {"maxLength":9}                    | quiz.a: maxLength was 10 and is 9
          {}                                 | {"minLength":1}                    | quiz.a: minLength was not limited and is 1
          {"maxItems":5}                     | {"maxItems":4}                     | quiz.a: maxItems was 5 and is 4
          {"type":"array"}                   | {"type":"array","items":{"type":"string"}} | quiz.a[]: was free and now has a schema
          {"items":{"maximum":2}}            | {"items":{"maximum":1}}            | quiz.a[]: maximum was 2 and is 1
          {"properties":{"b":{}}}            | {"properties":{"b":{"type":"null"}}} | quiz.a.b: type was not limited and is "null"
          {"properties":{}}                  | {"properties":{"b":{"type":"null"}}} | quiz.a.b: was free and now has a schema
          {"properties":{"b":{}}}            | {"properties":{"b":{}},"required":["b"]} | quiz.a.b: is now required
          """)
  void findsAChangeThatRefusesWhatWasGood(String before, String after, String found)
      throws IOException {
    assertThat(CompatibilityRules.breaks(quiz(before), quiz(after))).containsExactly(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"integer"}                 | {"type":"number"}
          {"type":"string"}                  | {"type":["integer","string"]}
          {"type":"string"}                  | {"description":"anything"}
          {"enum":["x"]}                     | {"enum":["y","x"]}
          {"const":"x"}                      | {"enum":["y","x"]}
          {"enum":["x"]}                     | {}
          {"minimum":0,"maximum":5}          | {"minimum":-1,"maximum":6}
          {"minLength":2,"maxLength":5}      | {"maxLength":6}
          {"minItems":1,"items":{"minimum":1}} | {"items":{"minimum":0}}
          {"required":["b"]}                 | {"required":[]}
          {"properties":{"b":{"type":"null"}}} | {"properties":{}}
          """)
  void letsAChangePassThatTakesMore(String before, String after) throws IOException {
    assertThat(CompatibilityRules.breaks(quiz(before), quiz(after))).isEmpty();
  }

  @Test
  void missesTypesAndAliases() throws IOException {
    Catalogue before = types("{\"quiz\":{\"aliases\":[\"q\",\"question\"]},\"poll\":{}}");
    Catalogue gone = types("{\"quiz\":{\"aliases\":[\"q\"]}}");
    Catalogue renamed = types("{\"survey\":{\"aliases\":[\"quiz\",\"q\",\"question\",\"poll\"]}}");

    assertThat(CompatibilityRules.breaks(before, gone))
        .containsExactly(
            "quiz: the alias question is gone",
            "poll: the type is gone; keep the name as an alias");
    assertThat(CompatibilityRules.breaks(before, renamed)).isEmpty();
  }

  private static Catalogue quiz(String schemaOfA) throws IOException {
    return types(
        "{\"quiz\":{\"schema\":{\"type\":\"object\",\"properties\":{\"a\":" + schemaOfA + "}}}}");
  }

  private static Catalogue types(String types) throws IOException {
    JsonNode document = JSON.readTree("{\"category\":\"own\",\"types\":" + types + "}");
    return Catalogue.of(List.of(document));
  }
}
