package io.millrace.domain.url;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          https://www.example.com/a/b?x=1#top  |www.example.com|/a/b
          https://EXAMPLE.com.:8080            |example.com    |/
          http://example.com?x=1               |example.com    |/
          http://example.com#top               |example.com    |/
          http://user:pw@example.com/a         |example.com    |/a
          http://[2001:DB8::1]:80/a            |2001:db8::1    |/a
          //example.com/a                      |example.com    |/a
          http://example.com/%D8%A7%d9/ü;b     |example.com    |/%D8%A7%d9/ü;b
          http://example.com//a//b/../c        |example.com    |//a//b/../c
          http://example.com/https://b.org/    |example.com    |/https://b.org/
          http://bücher.example/               |xn--bcher-kva.example|/
          /a/b?x=/c                            |''             |/a/b
          ?x=1                                 |''             |/
          #top                                 |''             |/
          app://shop/cart?x=1                  |shop           |/cart
          android-app://com.example.app        |com.example.app|/
          -                                    |''             |/
          ''                                   |''             |/
          """)
  void cutsAUrlWithoutChangingItsPath(String url, String host, String path) {
    WebUrl parsed = WebUrl.parse(url);

    assertThat(parsed.host()).isEqualTo(host);
    assertThat(parsed.path()).isEqualTo(path);
  }

  @Test
  void cutsOffWhatBrowsersCutOffAroundAUrl() {
    WebUrl parsed = WebUrl.parse("\n https://example.com/a?b=c#d \t");

    assertThat(parsed).isEqualTo(new WebUrl("https", "example.com", "/a", "b=c"));
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.co.uk, example.co.uk",
    "a.b.example.com, example.com",
    "ann.github.io, ann.github.io",
    "github.io, github.io",
    "co.uk, co.uk",
    "localhost, localhost",
    "127.0.0.1, 127.0.0.1",
    "2001:db8::1, 2001:db8::1",
    "intranet.corp, intranet.corp",
    "a b, a b"
  })
  void knowsWhatAHostBelongsTo(String host, String registrable) {
    assertThat(Hosts.registrableDomain(host)).isEqualTo(registrable);
  }
}
