package io.millrace.alerts.send;

import com.google.common.base.Throwables;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.SessionProtocol;
import io.millrace.domain.alert.ChannelSpec;
import io.millrace.domain.event.EventText;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * Posts JSON to where a tenant says, and nowhere else. The name is resolved once, the connection
 * goes to just that address, and only to public ones unless the channel allows others; redirects
 * are not followed; time and the answer are bounded.
 */
final class HttpPoster implements AutoCloseable {
  private static final long MAX_ANSWER_BYTES = 64 << 10;
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);
  private static final int MOST_SHOWN_CHARS = 200;
  private static final int TLS_PORT = 443;
  private static final int PLAIN_PORT = 80;

  private final Resolver resolver;
  private final Duration timeout;
  private final ClientFactory connections;

  HttpPoster(Resolver resolver, Duration timeout) {
    this.resolver = resolver;
    this.timeout = timeout;
    this.connections = ClientFactory.builder().connectTimeout(timeout).build();
  }

  /** Returns when it was answered 2xx. */
  void post(ChannelSpec.Http channel, URI url, Map<String, String> headers, byte[] body)
      throws SendFailedException {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    if (!tls && !channel.allowsHttp()) {
      throw new SendFailedException("its URL is plain http; https is allowed");
    }
    String host = url.getHost().replaceAll("^\\[|\\]$", ""); // IPv6 addresses are in brackets
    int usual = tls ? TLS_PORT : PLAIN_PORT;
    int port = url.getPort() < 0 ? usual : url.getPort();
    InetAddress address = address(host, channel.allowsPrivateAddresses());
    WebClient client =
        WebClient.builder(
                tls ? SessionProtocol.H1 : SessionProtocol.H1C,
                Endpoint.of(host, port).withInetAddress(address))
            .factory(connections)
            .responseTimeout(timeout)
            .maxResponseLength(MAX_ANSWER_BYTES)
            .build();
    judge(host, answer(client, host, request(url, headers, body)));
  }

  private static HttpRequest request(URI url, Map<String, String> headers, byte[] body) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    RequestHeadersBuilder request =
        RequestHeaders.builder(
                HttpMethod.POST, url.getRawQuery() == null ? path : path + '?' + url.getRawQuery())
            .contentType(MediaType.JSON)
            .set(HttpHeaderNames.USER_AGENT, "millrace");
    headers.forEach(request::set);
    return HttpRequest.of(request.build(), HttpData.wrap(body));
  }

  private AggregatedHttpResponse answer(WebClient client, String host, HttpRequest request)
      throws SendFailedException {
    try {
      return client.execute(request).aggregate().join();
    } catch (CompletionException e) {
      Throwable cause = Throwables.getRootCause(e);
      throw new SendFailedException(
          host
              + " cannot be reached: "
              + cause.getClass().getSimpleName()
              + (cause.getMessage() == null ? "" : ": " + shown(cause.getMessage())));
    }
  }

  private static void judge(String host, AggregatedHttpResponse answer) throws SendFailedException {
    int status = answer.status().code();
    if (status / 100 == 2) {
      return;
    }
    if (status / 100 == 3) {
      throw new SendFailedException(
          host
              + " answered "
              + status
              + "; redirects are not followed, so give the URL they lead to");
    }
    String body = shown(answer.contentUtf8().strip());
    throw new SendFailedException(
        host + " answered " + status + (body.isEmpty() ? "" : ": " + body),
        asked(answer.headers().get(HttpHeaderNames.RETRY_AFTER)));
  }

  private static String shown(String text) {
    return EventText.shown(text, MOST_SHOWN_CHARS);
  }

  private static Duration asked(String retryAfter) {
    if (retryAfter == null || !retryAfter.matches("[0-9]{1,9}")) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
    return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
  }

  private InetAddress address(String host, boolean allowsPrivate) throws SendFailedException {
    List<InetAddress> all;
    try {
      all = resolver.resolve(host);
    } catch (UnknownHostException e) {
      throw new SendFailedException(host + " has no address");
    }
    return all.stream()
        .filter(address -> allowsPrivate || PublicAddresses.contain(address))
        .findFirst()
        .orElseThrow(
            () ->
                new SendFailedException(
                    host
                        + " has the address "
                        + all.get(0).getHostAddress()
                        + ", which is not on the public internet; for others give allow:"
                        + " [private-addresses]"));
  }

  @Override
  public void close() {
    connections.close();
  }
}
