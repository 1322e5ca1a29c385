package io.millrace.domain.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserAgentRulesTest {
  private final UserAgentRules userAgents = UserAgentRules.shared();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36|Chrome|130|Windows NT|desktop
          Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0|Firefox|132|Ubuntu|desktop
          Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1|Safari|17|iOS|mobile
          Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1|Safari|16|iOS|tablet
          Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/3.0 Chrome/76.0.3809.146 TV Safari/537.36|SamsungBrowser|3|Tizen|tv
          Mozilla/5.0 (PlayStation 4 11.00) AppleWebKit/605.1.15 (KHTML, like Gecko)|AppleWebKit|605|Orbis OS|console
          """)
  void readsBrowserSystemAndDevice(
      String userAgent, String browser, String version, String os, String deviceType) {
    assertThat(userAgents.describe(userAgent))
        .isEqualTo(new Device(browser, version, os, deviceType, false, null));
  }

  @Test
  void callsTheDeviceOfABotARobot() {
    Device device = userAgents.describe("python-requests/2.31.0");

    assertThat(device.deviceType()).isEqualTo("robot");
    assertThat(device.bot()).isTrue();
    assertThat(device.botReason()).isEqualTo("user_agent:http_library");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "-"})
  void takesNoUserAgentForABotOnNoKnownDevice(String userAgent) {
    Device nobody = new Device(null, null, null, "other", true, "user_agent:empty");

    assertThat(userAgents.describe(userAgent)).isEqualTo(nobody);
    assertThat(userAgents.describe(null)).isEqualTo(nobody);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        ";",
        "Mozilla/5.0 (",
        "[",
        "\\",
        "\"",
        "'",
        "/",
        "%00",
        "\u0000",
        "\uD800",
        "=?",
        "ü",
        "😀 ",
        "((a;",
        "a/b ",
        "{}",
        "<a>",
        "Mozilla/5.0 ((((",
        "http://",
        "a@b."
      })
  void readsOneMebibyteOfAnythingWithoutHarm(String hostile) {
    String megabyte = hostile.repeat((1 << 20) / hostile.length());

    assertThat(userAgents.describe(megabyte)).isNotNull();
  }

  @Test
  void takesWhatCannotBeParsedForABot() {
    Device unreadable = new Device(null, null, null, "robot", true, "user_agent:unreadable");

    assertThat(userAgents.describe("Mozilla/5.0 " + "(a;".repeat(17))).isEqualTo(unreadable);
    assertThat(userAgents.describe("a/".repeat(33))).isEqualTo(unreadable);
    assertThat(userAgents.describe("Mozilla/5.0 (a; (b; [c; d])) Firefox/100.0").bot()).isFalse();
  }

  @Test
  void keepsOneParserForTheWholeProcess() {
    assertThat(UserAgentRules.shared()).isSameAs(userAgents);
    assertThat(userAgents.describe("curl/8.5.0")).isSameAs(userAgents.describe("curl/8.5.0"));
  }
}
