package io.millrace.alerts.send;

import io.millrace.domain.event.EventText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/**
 * The server that takes mail, which is the platform's and not a tenant's.
 *
 * @param user empty where it asks for none
 * @param from the sender of all mail
 */
public record SmtpServer(
    String host, int port, Security security, String user, String password, String from) {
  /** How the connection is encrypted. */
  public enum Security {
    NONE,
    /** From the start on. */
    TLS,
    /** By STARTTLS, without which nothing is sent. */
    STARTTLS
  }

  private static final Map<String, Security> SCHEMES =
      Map.of("smtp", Security.NONE, "smtp+starttls", Security.STARTTLS, "smtps", Security.TLS);
  private static final Map<Security, Integer> PORTS =
      Map.of(Security.NONE, 25, Security.STARTTLS, 587, Security.TLS, 465);

  /**
   * Reads {@code smtps://user@host:port}; the scheme says how the connection is encrypted.
   *
   * @throws IllegalArgumentException if it is none, saying what is allowed
   */
  public static SmtpServer parse(String text, String password, String from) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text);
    }
    Security security = url.getScheme() == null ? null : SCHEMES.get(url.getScheme());
    if (security == null || url.getHost() == null || !url.getPath().isEmpty()) {
      throw refused(text);
    }
    String user = url.getUserInfo() == null ? "" : url.getUserInfo();
    if (user.contains(":")) {
      throw new IllegalArgumentException(
          "the mail server's URL has a password, which others could read; give it apart");
    }
    if (!from.matches("[^@\\s<>]+@[^@\\s<>]+")) {
      throw new IllegalArgumentException(
          "the sender of mail is \"" + from + "\"; give an address such as millrace@example.org");
    }
    int port = url.getPort() < 0 ? PORTS.get(security) : url.getPort();
    return new SmtpServer(url.getHost(), port, security, user, password, from);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "the mail server is \""
            + EventText.shown(text)
            + "\"; give smtps://user@host, smtp+starttls://user@host, or smtp://host");
  }

  @Override
  public String toString() {
    return host + ':' + port; // without the password
  }
}
