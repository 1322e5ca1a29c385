package io.millrace.domain.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.domain.url.Hosts;
import io.millrace.domain.url.QueryString;
import io.millrace.domain.url.WebUrl;
import java.nio.charset.StandardCharsets;

/** Whatever stands where a URL should, it has a path, and its campaign tags are clean. */
class LandingPageFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void takesAnyUrlApart(byte[] bytes) {
    String url = new String(bytes, StandardCharsets.UTF_8);

    WebUrl parts = WebUrl.parse(url);
    LandingPage page = LandingPage.of(url);

    assertThat(parts.path()).isNotEmpty();
    assertThat(page.host()).isEqualTo(parts.host());
    assertThat(page.path()).isEqualTo(parts.path());
    assertThat(Hosts.registrableDomain(parts.host())).isNotNull();
    assertClean(page.utm().source());
    assertClean(page.utm().medium());
    assertClean(page.utm().campaign());
    assertClean(page.utm().term());
    assertClean(page.utm().content());
  }

  @FuzzTest(maxDuration = "2m")
  void decodesAnyQuery(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.UTF_8);

    String text = QueryString.decode(raw);

    assertThat(text.length()).isLessThanOrEqualTo(raw.length());
  }

  private static void assertClean(String tagOrNull) {
    if (tagOrNull != null) {
      assertThat(tagOrNull).isNotBlank();
    }
  }
}
