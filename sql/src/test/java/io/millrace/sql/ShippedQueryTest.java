package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedQueryTest {
  static Stream<ShippedQuery> all() throws IOException {
    return Stream.concat(ShippedQuery.questions().stream(), ShippedQuery.audits().stream());
  }

  @ParameterizedTest
  @ValueSource(strings = {"queries", "audit", "views"})
  void theIndexNamesEveryFile(String folder) throws IOException, URISyntaxException {
    Path index = Path.of(getClass().getResource("/millrace/sql/" + folder + "/index").toURI());
    try (Stream<Path> files = Files.list(index.getParent())) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".sql"))
              .map(file -> file.replace(".sql", ""))
              .toList();

      assertThat(Files.readAllLines(index)).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aFileOpensWithItsPurposeAndWhatItReadsAndIsOneReadingStatement(ShippedQuery query) {
    List<String> bound = query.script().bind(Map.of(), Map.of("tenant", "shop"), Clock.systemUTC());

    assertThat(query.question()).matches("[A-Z].*[?.]");
    assertThat(query.text().lines().skip(1).findFirst().orElseThrow())
        .matches("-- reads .+ · result .+");
    assertThat(bound).hasSize(1).allSatisfy(WriteGuard::requireReading);
  }

  @Test
  void everyQuestionIsOfOneTenantAndEndsWithAQuestionMark() throws IOException {
    assertThat(ShippedQuery.questions())
        .allSatisfy(
            query -> {
              assertThat(query.question()).endsWith("?");
              assertThat(query.script().parameters())
                  .extracting(SqlParameter::name)
                  .contains("tenant", "from", "to");
            });
  }

  @Test
  void refusesAnUnknownNameAndListsTheKnownOnes() {
    assertThatThrownBy(() -> ShippedQuery.named("daily"))
        .isInstanceOf(SqlException.class)
        .hasMessageStartingWith("Unknown query daily: there are daily_traffic, hourly_traffic,");
  }
}
