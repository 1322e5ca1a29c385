package io.millrace.domain.geo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRulesTest {
  @ParameterizedTest
  @CsvSource({
    "81.2.69.142, 81.2.69.0/24",
    "81.2.69.142:443, 81.2.69.0/24",
    "' 0.0.0.0 ', 0.0.0.0/24",
    "255.255.255.255, 255.255.255.0/24",
    "2001:218:abcd:1:2:3:4:5, 2001:218:abcd::/48",
    "[2001:218::1]:443, 2001:218::/48",
    "[::1], ::/48",
    "::ffff:81.2.69.142, 81.2.69.0/24"
  })
  void shortensAnAddressToItsNetwork(String text, String prefix) {
    assertThat(IpRules.parse(text).map(IpRules::prefix)).contains(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "example.com", "1.2.3", "1.2.3.256", "01.2.3.4x", "::g", "[::1"})
  void neverAsksANameServer(String text) {
    assertThat(IpRules.parse(text)).isEmpty();
    assertThat(IpRules.parse(null)).isEmpty();
    assertThat(IpRules.parse("1".repeat(1 << 20))).isEmpty();
  }

  @Test
  void seesTheIpv4AddressInsideAnIpv6Object() throws Exception {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 81, 2, 69, (byte) 142};
    InetAddress address = Inet6Address.getByAddress(null, mapped, -1);

    assertThat(address).isInstanceOf(Inet6Address.class);
    assertThat(IpRules.prefix(address)).isEqualTo("81.2.69.0/24");
  }
}
