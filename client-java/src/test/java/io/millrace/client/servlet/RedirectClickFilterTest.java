package io.millrace.client.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.client.ClientOptions;
import io.millrace.client.DropReason;
import io.millrace.client.FakeGateway;
import io.millrace.client.MillraceClient;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link shortener in a real servlet container, whose analytics are down in every way. */
class RedirectClickFilterTest {
  private final HttpClient browser = HttpClient.newHttpClient();
  private FakeGateway gateway;
  private MillraceClient client;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    gateway = FakeGateway.start();
    start(gateway.url());
  }

  private void start(URI gatewayUrl) throws Exception {
    client =
        MillraceClient.start(
            ClientOptions.builder(gatewayUrl, "key-1")
                .linger(Duration.ofMillis(5))
                .firstPause(Duration.ofMillis(5))
                .longestPause(Duration.ofMillis(40))
                .maxQueuedEvents(20)
                .build());
    ServletContextHandler context = new ServletContextHandler();
    context.addFilter(
        new FilterHolder(new RedirectClickFilter(client, RedirectClickFilterTest::linkId)),
        "/*",
        EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(new ServletHolder(new Shortener()), "/*");
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    gateway.release();
    client.close(Duration.ZERO);
    gateway.close();
  }

  @Test
  void recordsAClickOnTheLinkWithWhatIsKnownOfTheVisitor() throws Exception {
    HttpResponse<String> first =
        get(
            "/abc?utm_source=news",
            "User-Agent",
            "Browser/1.0",
            "Referer",
            "https://blog.example/");
    String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
    get("/abc", "Cookie", cookie.substring(0, cookie.indexOf(';')));
    await().until(() -> client.stats().delivered() == 2);

    List<JsonNode> clicks =
        gateway.requests().stream().flatMap(request -> request.events().stream()).toList();
    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(cookie)
        .matches(
            "millrace_visitor=[0-9a-f-]{36}; Path=/;.*Max-Age=31536000;.*HttpOnly; SameSite=Lax");
    JsonNode click = clicks.get(0);
    assertThat(click.path("eventType").asText()).isEqualTo("click");
    assertThat(click.path("entityType").asText()).isEqualTo("link");
    assertThat(click.path("entityId").asText()).isEqualTo("abc");
    assertThat(click.path("ip").asText()).isEqualTo("127.0.0.1");
    assertThat(click.path("userAgent").asText()).isEqualTo("Browser/1.0");
    assertThat(click.path("referrer").asText()).isEqualTo("https://blog.example/");
    assertThat(click.path("pageUrl").asText()).isEqualTo(url("/abc?utm_source=news").toString());
    assertThat(click.at("/properties/targetUrl").asText()).isEqualTo("https://target.example/abc");
    assertThat(cookie).contains(click.path("visitorId").asText());
    assertThat(clicks.get(1).path("visitorId")).isEqualTo(click.path("visitorId"));
  }

  @Test
  void redirectsWhileTheGatewayHoldsAndTheQueueIsFull() throws Exception {
    gateway.hold();
    get("/first");
    await().until(() -> gateway.held() == 1);

    List<Integer> statuses =
        IntStream.range(0, 100).mapToObj(i -> status("/link-" + i)).distinct().toList();

    assertThat(gateway.held()).isEqualTo(1); // all were answered while it held the first
    assertThat(statuses).containsExactly(302);
    await().until(() -> client.stats().tracked() == 101); // the filter goes on after the answer
    assertThat(client.stats().dropped()).containsEntry(DropReason.QUEUE_FULL, 81L);
    assertThat(client.stats().waiting()).isEqualTo(20);
  }

  @Test
  void redirectsWhenNoGatewayIsThere() throws Exception {
    gateway.close();

    List<Integer> statuses =
        IntStream.range(0, 100).mapToObj(i -> status("/link-" + i)).distinct().toList();

    assertThat(statuses).containsExactly(302);
    await().until(() -> client.stats().failedRequests() > 0);
    assertThat(client.stats().delivered()).isZero();
  }

  @Test
  void redirectsWhenTheApplicationsOwnFunctionFails() throws Exception {
    assertThat(status("/fails")).isEqualTo(302);
    assertThat(status("/abc")).isEqualTo(302);

    await().until(() -> client.stats().delivered() == 1);
    assertThat(client.stats().tracked()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DNT", "Sec-GPC"})
  void recordsNobodyWhoDoesNotWantIt(String header) throws Exception {
    HttpResponse<String> unwilling = get("/abc", header, "1");
    get("/def");
    await().until(() -> client.stats().delivered() == 1);

    assertThat(unwilling.statusCode()).isEqualTo(302);
    assertThat(unwilling.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(gateway.requests().get(0).events().get(0).path("entityId").asText())
        .isEqualTo("def");
  }

  @Test
  void recordsRedirectsOfLinksOnly() throws Exception {
    assertThat(status("/missing")).isEqualTo(404);
    assertThat(status("/login")).isEqualTo(302);
    assertThat(status("/abc")).isEqualTo(302);

    await().until(() -> client.stats().delivered() == 1);
    assertThat(client.stats().tracked()).isEqualTo(1);
  }

  @Test
  void givesAnotherIdInPlaceOfACookieThatIsNotOurs() throws Exception {
    HttpResponse<String> answer = get("/abc", "Cookie", "millrace_visitor=<script>");
    await().until(() -> client.stats().delivered() == 1);

    assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("millrace_visitor=");
    assertThat(gateway.requests().get(0).events().get(0).path("visitorId").asText())
        .matches("[0-9a-f-]{36}");
  }

  private static String linkId(HttpServletRequest request) {
    String path =
        request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
    return switch (path) {
      case "/login" -> null;
      case "/fails" -> throw new IllegalStateException("no link table");
      default -> path.substring(1);
    };
  }

  private int status(String path) {
    try {
      return get(path).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("No answer for " + path, e);
    }
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return browser.send(request.build(), BodyHandlers.ofString());
  }

  private URI url(String path) {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Redirects all but what is missing. */
  private static final class Shortener extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getRequestURI().equals("/missing")) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
      } else {
        response.sendRedirect("https://target.example" + request.getRequestURI());
      }
    }
  }
}
