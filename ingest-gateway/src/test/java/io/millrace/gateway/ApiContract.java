package io.millrace.gateway;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.millrace.gateway.intake.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code /openapi.json} promises, for tests to hold the gateway against. Each answer that a
 * test's client gets passes through here.
 */
final class ApiContract {
  private static final JsonNode API = read();
  private static final Map<String, JsonNode> PATHS = expandedPaths();
  private static final String SCHEMA_ID = "urn:millrace:answer";

  private ApiContract() {}

  private static JsonNode read() {
    try {
      return Json.MAPPER.readTree(ApiDocs.openApi());
    } catch (IOException e) {
      throw new IllegalStateException("The description is no JSON", e);
    }
  }

  static JsonNode api() {
    return API;
  }

  /** The described paths, one for each value of a parameter. */
  static Map<String, JsonNode> paths() {
    return PATHS;
  }

  private static Map<String, JsonNode> expandedPaths() {
    Map<String, JsonNode> paths = new TreeMap<>();
    API.path("paths")
        .fields()
        .forEachRemaining(
            path -> {
              String pattern = path.getKey();
              JsonNode values = path.getValue().at("/parameters/0/schema/enum");
              if (values.isMissingNode()) {
                paths.put(pattern, path.getValue());
              }
              values.forEach(
                  value ->
                      paths.put(pattern.replaceAll("\\{.*}", value.asText()), path.getValue()));
            });
    return paths;
  }

  /** The methods of a path in capital letters. */
  static Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    PATHS
        .get(path)
        .fieldNames()
        .forEachRemaining(name -> methods.add(name.toUpperCase(Locale.ROOT)));
    methods.remove("PARAMETERS");
    return methods;
  }

  static Set<String> codes(String schema) {
    Set<String> codes = new TreeSet<>();
    API.at("/components/schemas/" + schema + "/enum").forEach(code -> codes.add(code.asText()));
    return codes;
  }

  /** Fails when the answer is not one that the description allows for its request. */
  static HttpResponse<String> checked(HttpResponse<String> answer) {
    // As the server reads it: decoded, without parameters, and several slashes are one.
    String path = answer.request().uri().getPath().replaceAll(";[^/]*", "").replaceAll("/+", "/");
    String method = answer.request().method();
    JsonNode described = PATHS.get(path);
    String what = method + ' ' + path + " → " + answer.statusCode();
    if (described == null) {
      assertThat(answer.statusCode()).as(what).isEqualTo(404);
      check(what, answer, API.at("/components/responses/Problem"));
      return answer;
    }
    JsonNode call = described.path(method.toLowerCase(Locale.ROOT));
    if (call.isMissingNode() && !method.equals("HEAD")) {
      assertThat(answer.statusCode()).as(what).isEqualTo(405);
      check(what, answer, API.at("/components/responses/Problem"));
      return answer;
    }
    if (!method.equals("HEAD")) {
      JsonNode response = resolved(call.path("responses").path("" + answer.statusCode()));
      assertThat(response.isMissingNode())
          .as("%s is not described; it says %s", what, answer.body())
          .isFalse();
      check(what, answer, response);
    }
    return answer;
  }

  private static void check(String what, HttpResponse<String> answer, JsonNode response) {
    JsonNode content = response.path("content");
    String type =
        answer.headers().firstValue("content-type").orElse("none").replaceFirst(";.*", "");
    if (content.isEmpty()) {
      assertThat(answer.body()).as(what).isEmpty();
      return;
    }
    assertThat(content.has(type)).as("%s with content type %s", what, type).isTrue();
    for (var header = response.path("headers").fields(); header.hasNext(); ) {
      String name = header.next().getKey();
      if (!name.equals("millrace-code")) { // an image of a stored event has none
        assertThat(answer.headers().firstValue(name)).as("%s: %s", what, name).isPresent();
      }
    }
    if (type.endsWith("json") && !type.equals("application/x-ndjson")) {
      List<Error> faults = schema(content.path(type).path("schema")).validate(tree(answer));
      assertThat(faults).as("%s: %s", what, answer.body()).isEmpty();
    }
  }

  private static JsonNode tree(HttpResponse<String> answer) {
    try {
      return Json.MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError("No JSON: " + answer.body(), e);
    }
  }

  /** A schema of the description, with the parts that it points to. */
  static Schema schema(JsonNode schema) {
    var whole = Json.MAPPER.createObjectNode().put("$id", SCHEMA_ID);
    whole.set("components", API.path("components"));
    whole.putArray("allOf").add(schema);
    return SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(whole);
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? API.at(node.get("$ref").asText().substring(1)) : node;
  }

  /** All that is said to be somewhere else, and is nowhere. */
  static Set<String> danglingReferences() {
    return API.findValuesAsText("$ref").stream()
        .filter(reference -> API.at(reference.substring(1)).isMissingNode())
        .collect(toCollection(TreeSet::new));
  }
}
