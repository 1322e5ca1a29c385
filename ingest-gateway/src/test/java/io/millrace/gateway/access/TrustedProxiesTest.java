package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.net.InetAddresses;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.millrace.gateway.access.TrustedProxies.Header;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The peer is 10.0.0.1 or as told; 10/8, 192.168.7.7 and 2001:db8:1::/48 are trusted. */
class TrustedProxiesTest {
  private static final List<String> TRUSTED =
      List.of("10.0.0.0/8", "192.168.7.7", "2001:db8:1::/48");

  @ParameterizedTest(name = "{0} from {1} is {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                                        | 10.0.0.1      | 10.0.0.1
          203.0.113.9                              | 10.0.0.1      | 203.0.113.9
          203.0.113.9                              | 198.51.100.1  | 198.51.100.1
          203.0.113.9                              | 11.0.0.1      | 11.0.0.1
          203.0.113.9                              | 192.168.7.7   | 203.0.113.9
          203.0.113.9                              | 192.168.7.8   | 192.168.7.8
          203.0.113.9                              | 2001:db8:1::5 | 203.0.113.9
          203.0.113.9                              | 2001:db8:2::5 | 2001:db8:2::5
          1.1.1.1, 203.0.113.9                     | 10.0.0.1      | 203.0.113.9
          1.1.1.1,2.2.2.2,203.0.113.9              | 10.0.0.1      | 203.0.113.9
          1.1.1.1, 203.0.113.9, 10.0.0.2           | 10.0.0.1      | 203.0.113.9
          1.1.1.1, 203.0.113.9, 10.0.0.2, 10.9.9.9 | 10.0.0.1      | 203.0.113.9
          10.0.0.7, 203.0.113.9                    | 10.0.0.1      | 203.0.113.9
          10.0.0.3, 10.0.0.2                       | 10.0.0.1      | 10.0.0.3
          203.0.113.9:52000                        | 10.0.0.1      | 203.0.113.9
          2001:db8:9::1                            | 10.0.0.1      | 2001:db8:9::1
          [2001:db8:9::1]                          | 10.0.0.1      | 2001:db8:9::1
          [2001:db8:9::1]:443                      | 10.0.0.1      | 2001:db8:9::1
          203.0.113.9, [2001:db8:1::2]:443         | 10.0.0.1      | 203.0.113.9
          203.0.113.9, ::ffff:10.0.0.2             | 10.0.0.1      | 203.0.113.9
          ::ffff:203.0.113.9                       | 10.0.0.1      | 203.0.113.9
          unknown                                  | 10.0.0.1      | 10.0.0.1
          203.0.113.9, unknown                     | 10.0.0.1      | 10.0.0.1
          203.0.113.9, unknown, 10.0.0.2           | 10.0.0.1      | 10.0.0.2
          unknown, 203.0.113.9                     | 10.0.0.1      | 203.0.113.9
          203.0.113.9,                             | 10.0.0.1      | 10.0.0.1
          ''                                       | 10.0.0.1      | 10.0.0.1
          localhost                                | 10.0.0.1      | 10.0.0.1
          0x7f.1                                   | 10.0.0.1      | 10.0.0.1
          2130706433                               | 10.0.0.1      | 10.0.0.1
          203.0.113.9;203.0.113.8                  | 10.0.0.1      | 10.0.0.1
          203.0.113.9 203.0.113.8                  | 10.0.0.1      | 10.0.0.1
          """)
  void readsTheChainFromTheRightAsLongAsItIsTrusted(String chain, String peer, String client) {
    RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, "/v1/collect");
    if (chain != null) {
      headers.add("x-forwarded-for", chain);
    }
    headers.add("x-real-ip", "9.9.9.9");
    headers.add("forwarded", "for=8.8.8.8");

    assertThat(proxies(Header.X_FORWARDED_FOR).client(address(peer), headers.build()))
        .isEqualTo(address(client));
    assertThat(TrustedProxies.NONE.client(address(peer), headers.build())).isEqualTo(address(peer));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for=203.0.113.9                                         | 203.0.113.9
          For=203.0.113.9;proto=https;by=10.0.0.1                 | 203.0.113.9
          proto=https; for="203.0.113.9:4711"                     | 203.0.113.9
          for=1.1.1.1, for=203.0.113.9, for=10.0.0.2              | 203.0.113.9
          for="[2001:db8:9::1]:4711"                              | 2001:db8:9::1
          for=203.0.113.9, for="[2001:db8:1::2]"                  | 203.0.113.9
          for=203.0.113.9, for=_hidden                            | 10.0.0.1
          for=203.0.113.9, proto=https                            | 10.0.0.1
          for=203.0.113.9, for="1.1.1.1, for=2.2.2.2"             | 10.0.0.1
          for=203.0.113.9;host="a,for=1.1.1.1"                    | 203.0.113.9
          203.0.113.9                                             | 10.0.0.1
          """)
  void readsForwardedWhenThatIsWhatTheProxiesWrite(String value, String client) {
    RequestHeaders headers =
        RequestHeaders.builder(HttpMethod.POST, "/v1/collect")
            .add("x-forwarded-for", "8.8.8.8")
            .add("forwarded", value)
            .build();

    assertThat(proxies(Header.FORWARDED).client(address("10.0.0.1"), headers))
        .isEqualTo(address(client));
  }

  @Test
  void joinsTheLinesOfAHeader() {
    RequestHeaders headers =
        RequestHeaders.builder(HttpMethod.POST, "/v1/collect")
            .add("x-forwarded-for", "203.0.113.9")
            .add("x-forwarded-for", "10.0.0.2, 10.0.0.3")
            .build();

    assertThat(proxies(Header.X_FORWARDED_FOR).client(address("10.0.0.1"), headers))
        .isEqualTo(address("203.0.113.9"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy",
        "10.0.0.0/33",
        "10.0.0.0/0",
        "::/0",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0/8",
        "10.0.0.1:80",
        "[::1]",
        "10.0.0.0/8/8",
        "2001:db8::/129"
      })
  void refusesWhatIsNoNetworkAndTheNetworkOfEverybody(String cidr) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedProxies.of(List.of(cidr), Header.X_FORWARDED_FOR))
        .withMessage(
            "the trusted proxy is \""
                + cidr
                + "\"; give a network such as 10.0.0.0/8 or 2001:db8::/32, or one address");
  }

  private static TrustedProxies proxies(Header header) {
    return TrustedProxies.of(TRUSTED, header);
  }

  private static InetAddress address(String text) {
    return InetAddresses.forString(text);
  }
}
