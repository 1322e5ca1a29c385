package io.millrace.jobs.dimensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DimensionSourceTest {
  @Test
  void readsAJdbcUrl() {
    assertThat(DimensionSource.at("jdbc:postgresql://db.example.org/shop", "ann", "secret", "crm"))
        .isEqualTo(new DimensionSource("db.example.org", 5432, "shop", "ann", "secret", "crm"))
        .hasToString("jdbc:postgresql://db.example.org:5432/shop, schema crm");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:mysql://db/shop", "postgresql://db/shop", "jdbc:postgresql://a:1,b:2/s"})
  void refusesAUrlThatIsNoSinglePostgres(String url) {
    assertThatThrownBy(() -> DimensionSource.at(url, "ann", "", "shop"))
        .hasMessage(
            "Cannot follow dimensions at '"
                + url
                + "': give one host, a port and a database, for example"
                + " jdbc:postgresql://db.example.org:5432/shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Shop", "shop; DROP", "1shop"})
  void refusesASchemaThatWouldNeedQuotes(String schema) {
    assertThatThrownBy(() -> DimensionSource.at("jdbc:postgresql://db/shop", "ann", "", schema))
        .hasMessage(
            "Cannot follow dimensions in schema '"
                + schema
                + "': give a name of small letters, digits and underscores, for example shop");
  }
}
