package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedOriginsTest {
  private static final AllowedOrigins ALLOWED =
      AllowedOrigins.of(
          List.of(
              "https://example.com",
              "HTTPS://Shop.Example.org:443",
              "https://*.example.net",
              "http://*.dev.example:8080",
              "http://localhost:3000",
              "http://[::1]:3000",
              "https://bücher.example"));

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "https://example.com, true",
    "HTTPS://EXAMPLE.COM, true",
    "https://shop.example.org, true",
    "https://a.example.net, true",
    "https://a.b.example.net, true",
    "http://x.dev.example:8080, true",
    "http://localhost:3000, true",
    "'http://[::1]:3000', true",
    "https://xn--bcher-kva.example, true",
    "http://example.com, false",
    "https://example.com:8443, false",
    "https://www.example.com, false",
    "https://example.com.evil.org, false",
    "https://evil-example.com, false",
    "https://example.com/, false",
    "https://example.com@evil.org, false",
    "https://example.net, false",
    "https://.example.net, false",
    "https://evilexample.net, false",
    "https://evil.org/.example.net, false",
    "https://evil.org:443@.example.net, false",
    "https://evil.org?.example.net, false",
    "https://evil.org#.example.net, false",
    "https://a..example.net, false",
    "https://a.example.net:444, false",
    "http://a.example.net, false",
    "http://x.dev.example, false",
    "null, false",
    "'', false",
    "https://, false",
    "*, false"
  })
  void allowsExactlyThePagesThatAreMeant(String origin, boolean allowed) {
    assertThat(ALLOWED.allow(origin)).isEqualTo(allowed);
    assertThat(AllowedOrigins.ALL.allow(origin)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com               | it has no path and no user
          *                         | it has no path and no user
          https://*                 | it has no path and no user
          https://example.com/      | it has no path and no user
          https://u@example.com     | it has no path and no user
          https://a.*.example.com   | it has no path and no user
          ftp://example.com         | it has no path and no user
          https://exam ple.com      | it has no path and no user
          https://exa_mple.com      | its host is no host name
          https://*.com             | everybody can have a site below com
          https://*.co.uk           | everybody can have a site below co.uk
          https://*.github.io       | everybody can have a site below github.io
          """)
  void refusesWhatIsNoOrigin(String given, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedOrigins.of(List.of(given)))
        .withMessageStartingWith("the origin is \"" + given + "\": " + why)
        .withMessageEndingWith("; give https://example.com or https://*.example.com");
  }

  @Test
  void isWrittenDownAsBrowsersSendIt() {
    assertThat(ALLOWED.texts())
        .startsWith("https://example.com", "https://shop.example.org", "https://*.example.net")
        .endsWith("https://xn--bcher-kva.example");
    assertThat(AllowedOrigins.of(ALLOWED.texts())).isEqualTo(ALLOWED);
    assertThat(AllowedOrigins.ALL).hasToString("all");
  }
}
