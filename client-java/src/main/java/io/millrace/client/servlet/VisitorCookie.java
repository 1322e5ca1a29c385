package io.millrace.client.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Knows a visitor by a first-party cookie, and gives one to whom it does not know. Where a cookie
 * needs consent, ask for it first, or give the filter another function.
 */
public final class VisitorCookie
    implements BiFunction<HttpServletRequest, HttpServletResponse, String> {
  /** The cookie's name. */
  public static final String NAME = "millrace_visitor";

  private static final Duration MAX_AGE = Duration.ofDays(365);

  /** What we give; anything else in the cookie is not ours. */
  private static final Pattern VALUE = Pattern.compile("[0-9a-f-]{36}");

  @Override
  public String apply(HttpServletRequest request, HttpServletResponse response) {
    return cookies(request)
        .filter(cookie -> cookie.getName().equals(NAME))
        .map(Cookie::getValue)
        .filter(value -> VALUE.matcher(value).matches())
        .findFirst()
        .orElseGet(() -> give(request, response));
  }

  private static Stream<Cookie> cookies(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    return cookies == null ? Stream.empty() : Arrays.stream(cookies);
  }

  private static String give(HttpServletRequest request, HttpServletResponse response) {
    String id = UUID.randomUUID().toString();
    Cookie cookie = new Cookie(NAME, id);
    cookie.setPath("/");
    cookie.setMaxAge((int) MAX_AGE.toSeconds());
    cookie.setHttpOnly(true);
    cookie.setSecure(request.isSecure());
    cookie.setAttribute("SameSite", "Lax");
    response.addCookie(cookie);
    return id;
  }
}
