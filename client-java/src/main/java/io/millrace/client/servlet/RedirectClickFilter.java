package io.millrace.client.servlet;

import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceEvent;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Records a {@code click} on a link for each redirect that a web application answers with: after
 * the answer, and without any effect on it. A visitor whose browser sends {@code DNT: 1} or {@code
 * Sec-GPC: 1} is not recorded: the gateway sees this server's headers, not theirs, and could not
 * honour them.
 *
 * <p>Behind a proxy the container has to be told to trust it (Tomcat's {@code RemoteIpValve},
 * Jetty's {@code ForwardedRequestCustomizer}), or each visitor has the proxy's address.
 */
public final class RedirectClickFilter implements Filter {
  private static final Logger LOG = System.getLogger(RedirectClickFilter.class.getName());
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final MillraceClient client;
  private final Function<HttpServletRequest, String> linkId;
  private final BiFunction<HttpServletRequest, HttpServletResponse, String> visitorId;

  /** Knows visitors by a {@link VisitorCookie}. */
  public RedirectClickFilter(MillraceClient client, Function<HttpServletRequest, String> linkId) {
    this(client, linkId, new VisitorCookie());
  }

  /**
   * @param linkId the id of the link that a request asks for; null for what is no link
   * @param visitorId who asks, decided before the answer so that it may set a cookie; null for whom
   *     not to record
   */
  public RedirectClickFilter(
      MillraceClient client,
      Function<HttpServletRequest, String> linkId,
      BiFunction<HttpServletRequest, HttpServletResponse, String> visitorId) {
    this.client = client;
    this.linkId = linkId;
    this.visitorId = visitorId;
  }

  @Override
  public void doFilter(
      ServletRequest plainRequest, ServletResponse plainResponse, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) plainRequest;
    HttpServletResponse response = (HttpServletResponse) plainResponse;
    String visitor = visitor(request, response);

    chain.doFilter(request, response);

    if (visitor != null && REDIRECTS.contains(response.getStatus())) {
      record(request, response, visitor);
    }
  }

  private String visitor(HttpServletRequest request, HttpServletResponse response) {
    if ("1".equals(request.getHeader("DNT")) || "1".equals(request.getHeader("Sec-GPC"))) {
      return null;
    }
    try {
      return visitorId.apply(request, response);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A click is not recorded: its visitor cannot be told", e);
      return null;
    }
  }

  private void record(HttpServletRequest request, HttpServletResponse response, String visitor) {
    String link;
    try {
      link = linkId.apply(request);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A click is not recorded: its link cannot be told", e);
      return;
    }
    if (link != null) {
      client.track(
          MillraceEvent.builder("click", visitor)
              .entity("link", link)
              .ip(request.getRemoteAddr())
              .userAgent(request.getHeader("User-Agent"))
              .referrer(request.getHeader("Referer"))
              .pageUrl(url(request))
              .property("targetUrl", response.getHeader("Location"))
              .build());
    }
  }

  private static String url(HttpServletRequest request) {
    String query = request.getQueryString();
    return request.getRequestURL() + (query == null ? "" : "?" + query);
  }
}
