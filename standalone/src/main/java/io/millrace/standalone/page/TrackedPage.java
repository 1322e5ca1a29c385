package io.millrace.standalone.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;

/** A web site of one page, with the tracker as a customer's page would have it. */
public final class TrackedPage implements AutoCloseable {
  private final Server server;

  private TrackedPage(Server server) {
    this.server = server;
  }

  /**
   * Serves the page on 127.0.0.1.
   *
   * @param port 0 for any
   * @param gateway where the page sends its events
   * @param writeKey which everybody who looks at the page can read
   */
  public static TrackedPage start(int port, URI gateway, String writeKey) throws IOException {
    String html =
        read("index.html")
            .replace("{{gateway}}", gateway.toString().replaceFirst("/$", ""))
            .replace("{{key}}", writeKey);
    String script = read("page.js");
    String style = read("page.css");
    Server server =
        Server.builder()
            .http(new InetSocketAddress("127.0.0.1", port))
            .disableServerHeader()
            .service("/page.js", (ctx, request) -> text(MediaType.JAVASCRIPT_UTF_8, script))
            .service("/page.css", (ctx, request) -> text(MediaType.CSS_UTF_8, style))
            .service("/", (ctx, request) -> text(MediaType.HTML_UTF_8, html))
            .service("/about", (ctx, request) -> text(MediaType.HTML_UTF_8, html))
            .build();
    server.start().join();
    return new TrackedPage(server);
  }

  private static String read(String name) throws IOException {
    try (InputStream in = TrackedPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static HttpResponse text(MediaType type, String text) {
    return HttpResponse.of(HttpStatus.OK, type, text);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.activeLocalPort() + '/');
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
