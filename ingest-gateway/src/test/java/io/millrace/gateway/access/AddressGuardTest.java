package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressGuardTest {
  private final AddressGuard guard = new AddressGuard(new Rate(1, 2));

  @ParameterizedTest(name = "{0} and {1} share a limit: {2}")
  @CsvSource({
    "203.0.113.1, 203.0.113.1, true",
    "203.0.113.1, 203.0.113.2, false",
    "2001:db8::1, 2001:db8::ffff:1, true",
    "2001:db8:0:1::1, 2001:db8:0:2::1, false",
    "203.0.113.1, ::203.0.113.1, false"
  })
  void countsByIpv4AddressAndByIpv6Network(String one, String other, boolean shared) {
    take(one);
    take(one);

    assertThat(take(other) < 0).isEqualTo(shared);
  }

  @Test
  void letsLoopbackThrough() {
    for (int i = 0; i < 100; i++) {
      assertThat(take("127.0.0.1")).isPositive();
      assertThat(take("::1")).isPositive();
    }
  }

  @Test
  void remembersOnlySoManyAddresses() {
    for (int i = 0; i < 100_000; i++) {
      guard.take(InetAddresses.fromInteger(0x0B000000 + i), 0);
    }

    assertThat(guard.size()).isEqualTo(65_536);
  }

  private long take(String address) {
    return guard.take(InetAddresses.forString(address), 0);
  }
}
