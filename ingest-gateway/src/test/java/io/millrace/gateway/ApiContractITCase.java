package io.millrace.gateway;

import static io.millrace.gateway.ApiContract.methods;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.Refusal;
import io.millrace.gateway.access.Denial;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The description of the gateway's calls is true; other tests check each of their answers too. */
class ApiContractITCase {
  @RegisterExtension static final SharedGateway GATEWAY = new SharedGateway();

  static Set<String> paths() {
    return ApiContract.paths().keySet();
  }

  @Test
  void isValidOpenApi() {
    assertThat(ApiContract.api().path("openapi").asText()).startsWith("3.1.");
    assertThat(ApiContract.danglingReferences()).isEmpty();
    assertThat(
            new OpenAPIV3Parser().readContents(new String(ApiDocs.openApi(), UTF_8)).getMessages())
        .isEmpty();
  }

  @Test
  void describesEveryRoute() {
    Set<String> served = new TreeSet<>(SharedGateway.paths());
    served.removeIf(path -> path.startsWith("/docs/")); // what the page is made of

    assertThat(paths()).containsExactlyInAnyOrderElementsOf(served);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void knowsTheMethodsThatAreDescribedAndNoOther(String path) throws Exception {
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
      HttpResponse<String> answer =
          SharedGateway.send(
              HttpRequest.newBuilder(SharedGateway.uri(path))
                  .header("Origin", "https://shop.example")
                  .header("Access-Control-Request-Method", "POST")
                  .method(method, BodyPublishers.noBody()));

      if (methods(path).contains(method)) {
        assertThat(answer.statusCode()).as("%s %s", method, path).isNotEqualTo(405);
      } else {
        assertThat(answer.statusCode()).as("%s %s", method, path).isEqualTo(405);
        assertThat(methods(path)).contains(answer.headers().firstValue("allow").orElseThrow());
      }
    }
  }

  @Test
  void namesEveryCode() {
    assertThat(ApiContract.codes("ProblemCode"))
        .containsAll(Arrays.stream(Denial.values()).map(Denial::code).toList());
    assertThat(ApiContract.codes("RejectedCode"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Refusal.values())
                .filter(one -> one != Refusal.MISSING_ENVELOPE && one != Refusal.UNREADABLE)
                .map(Refusal::code)
                .toList());
  }

  @Test
  void itsExamplesAreStored() throws Exception {
    JsonNode examples =
        ApiContract.api()
            .at("/paths/~1v1~1collect/post/requestBody/content/application~1json/examples");

    assertThat(examples).isNotEmpty();
    for (JsonNode example : examples) {
      HttpResponse<String> answer =
          SharedGateway.post(example.path("value").toString().getBytes(UTF_8));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
    JsonNode alias = ApiContract.api().at("/components/schemas/Alias/examples/0");
    assertThat(
            SharedGateway.post("/api/track/click", alias.toString().getBytes(UTF_8)).statusCode())
        .isEqualTo(204);
  }

  @Test
  void showsThePageFromItsOwnFilesAlone() throws Exception {
    HttpResponse<String> page = SharedGateway.get("/docs");

    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'; script-src 'self';");
    assertThat(page.body()).doesNotContain("http:", "https:", "style=", "<script>");
    for (String file : List.of("docs.js", "docs.css", "swagger-ui.css", "swagger-ui-bundle.js")) {
      assertThat(page.body()).contains("\"/docs/" + file + '"');
      assertThat(
              SharedGateway.raw(
                  "GET /docs/" + file + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK")
          .contains("nosniff");
    }
  }
}
