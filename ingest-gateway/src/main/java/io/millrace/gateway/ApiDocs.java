package io.millrace.gateway;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.file.HttpFile;
import com.linecorp.armeria.server.file.HttpFileBuilder;
import io.millrace.gateway.intake.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The gateway's description of its calls: OpenAPI, and a page from which they can be tried. */
final class ApiDocs {
  /** Nothing from elsewhere, nothing inline but the style of single elements. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final String OWN = "millrace/gateway/";
  private static final ClassLoader CLASS_PATH = ApiDocs.class.getClassLoader();

  private ApiDocs() {}

  static void addTo(ServerBuilder server) {
    String swagger = "META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + '/';
    server
        .service("/openapi.json", openApiFile())
        .service("/docs", file(OWN + "docs/index.html", MediaType.HTML_UTF_8))
        .service("/docs/docs.js", file(OWN + "docs/docs.js", MediaType.JAVASCRIPT_UTF_8))
        .service("/docs/docs.css", file(OWN + "docs/docs.css", MediaType.CSS_UTF_8))
        .service("/docs/swagger-ui.css", file(swagger + "swagger-ui.css", MediaType.CSS_UTF_8))
        .service(
            "/docs/swagger-ui-bundle.js",
            file(swagger + "swagger-ui-bundle.js", MediaType.JAVASCRIPT_UTF_8));
  }

  /** Read when it is first asked for: most starts of a gateway never need it. */
  private static HttpService openApiFile() {
    Supplier<HttpService> made =
        Suppliers.memoize(() -> file(HttpFile.builder(HttpData.wrap(openApi())), MediaType.JSON));
    return (ctx, request) -> made.get().serve(ctx, request);
  }

  /** The description as JSON in UTF-8. */
  static byte[] openApi() {
    String path = OWN + "openapi.yaml";
    try (InputStream in = CLASS_PATH.getResourceAsStream(path)) {
      Map<String, Object> description = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      return Json.MAPPER.writeValueAsBytes(description);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " from the class path", e);
    }
  }

  /** The folder of the page's files bears their version. */
  private static String swaggerVersion() {
    String path = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    Properties about = new Properties();
    try (InputStream in = CLASS_PATH.getResourceAsStream(path)) {
      about.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " from the class path", e);
    }
    return about.getProperty("version");
  }

  private static HttpService file(String path, MediaType type) {
    return file(HttpFile.builder(CLASS_PATH, path), type);
  }

  private static HttpService file(HttpFileBuilder file, MediaType type) {
    HttpService service =
        file.contentType(type)
            .addHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
            .addHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
            .addHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
            .build()
            .asService();
    return (ctx, request) ->
        ctx.method() == HttpMethod.GET || ctx.method() == HttpMethod.HEAD
            ? service.serve(ctx, request)
            : Problem.methodNotAllowed(ctx.method(), "GET");
  }
}
