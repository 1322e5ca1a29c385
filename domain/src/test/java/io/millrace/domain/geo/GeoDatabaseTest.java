package io.millrace.domain.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.enrich.SharedData;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeoDatabaseTest {
  @TempDir Path folder;

  private static InetAddress address(String text) {
    return IpRules.parse(text).orElseThrow();
  }

  @Test
  void readsAFlatFileOfIpv4Networks() throws IOException {
    Path file = folder.resolve("flat.mmdb");
    MmdbFile.write(file, 4, 0x20, Map.of("country_code", "US", "state1", "Iowa", "city", "Ames"));

    try (GeoDatabase geo = GeoDatabase.open(file)) {
      assertThat(geo.lookup(address("32.1.72.96"))).contains(new Place("US", "Iowa", "Ames"));
      assertThat(geo.lookup(address("::ffff:32.1.72.96")))
          .contains(new Place("US", "Iowa", "Ames"));
      assertThat(geo.lookup(address("81.2.69.142"))).isEmpty();
    }
  }

  @Test
  void doesNotLookForAnIpv6AddressAmongIpv4Networks() throws IOException {
    // 2001:4860:: begins with the same 32 bits as 32.1.72.96.
    Path file = folder.resolve("flat.mmdb");
    MmdbFile.write(file, 4, 0x20, Map.of("country_code", "US"));

    try (GeoDatabase geo = GeoDatabase.open(file)) {
      assertThat(geo.lookup(address("2001:4860:4860::8888"))).isEmpty();
    }
  }

  @Test
  void readsAFlatFileOfIpv6Networks() throws IOException {
    Path file = folder.resolve("flat6.mmdb");
    MmdbFile.write(file, 6, 0x20, Map.of("country_code", "JP", "city", ""));

    try (GeoDatabase geo = GeoDatabase.open(file)) {
      assertThat(geo.lookup(address("2001:218::1"))).contains(new Place("JP", null, null));
      assertThat(geo.lookup(address("8.8.8.8"))).isEmpty();
    }
  }

  @Test
  void takesARowThatSaysNothingForNoRow() throws IOException {
    Path file = folder.resolve("other.mmdb");
    MmdbFile.write(file, 4, 0x20, Map.of("asn", "AS64500"));

    try (GeoDatabase geo = GeoDatabase.open(file)) {
      assertThat(geo.lookup(address("32.1.2.3"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GeoIP2-City-Test.mmdb", "GeoLite2-City-Test.mmdb"})
  void readsMaxmindsForm(String name) throws IOException {
    try (GeoDatabase geo = GeoDatabase.open(SharedData.file("geo/" + name))) {
      assertThat(geo.lookup(address("81.2.69.142"))).contains(new Place("GB", "England", "London"));
      assertThat(geo.lookup(address("2001:218::1"))).contains(new Place("JP", null, null));
      assertThat(geo.lookup(address("127.0.0.1"))).isEmpty();
      assertThat(geo.lookup(address("::1"))).isEmpty();
    }
  }

  @Test
  void findsNoPlaceInAFileAboutSomethingElse() throws IOException {
    try (GeoDatabase geo = GeoDatabase.open(SharedData.file("geo/GeoLite2-ASN-Test.mmdb"))) {
      assertThat(geo.lookup(address("1.128.0.1"))).isEmpty();
    }
  }

  @Test
  void saysWhichFileIsMissing() {
    Path file = folder.resolve("none.mmdb");

    assertThatThrownBy(() -> GeoDatabase.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot open the geo database "
                + file
                + ": there is no such file; give the path of an .mmdb file, or none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a database", "\u00AB\u00CD\u00EFMaxMind.com"})
  void saysWhichFileIsNoDatabase(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.mmdb"), content);

    assertThatThrownBy(() -> GeoDatabase.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot open the geo database " + file + ": it is no readable MMDB file (")
        .hasMessageEndingWith("); give the path of an .mmdb file, or none");
  }
}
