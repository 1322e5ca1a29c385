package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.server.Server;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackerScriptTest {
  private static final String SCRIPT = "console.log('ä')";

  @TempDir Path folder;
  private URLClassLoader classPath;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    Path tracker = Files.createDirectories(folder.resolve("millrace/tracker"));
    Files.writeString(tracker.resolve("tracker.js"), SCRIPT, UTF_8);
    classPath = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
    server =
        Server.builder()
            .http(0)
            .service("/tracker.js", new TrackerScript(classPath, "tracker.js"))
            .service("/tracker.mjs", new TrackerScript(classPath, "tracker.mjs"))
            .build();
    server.start().join();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop().join();
    classPath.close();
  }

  @Test
  void servesTheScriptForAnHourAndSaysWhenItIsStillTheSame() throws Exception {
    HttpResponse<String> first = get("/tracker.js", "\"other\"");
    String etag = first.headers().firstValue("etag").orElseThrow();
    HttpResponse<String> again = get("/tracker.js", etag);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).isEqualTo(SCRIPT);
    assertThat(first.headers().firstValue("content-type"))
        .hasValue("text/javascript; charset=utf-8");
    assertThat(first.headers().firstValue("cache-control")).hasValue("public, max-age=3600");
    assertThat(first.headers().firstValue("access-control-allow-origin")).hasValue("*");
    assertThat(first.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("etag")).hasValue(etag);
  }

  @Test
  void saysWhatIsMissingWhenTheTrackerIsNotThere() throws Exception {
    HttpResponse<String> answer = get("/tracker.mjs", "\"none\"");

    GatewayCalls.assertProblem(
        answer,
        404,
        "tracker_missing",
        "tracker.mjs is not served here: millrace-tracker is not on the gateway's class path");
  }

  private HttpResponse<String> get(String path, String etag) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.activeLocalPort() + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("If-None-Match", etag).build(),
            BodyHandlers.ofString());
  }
}
