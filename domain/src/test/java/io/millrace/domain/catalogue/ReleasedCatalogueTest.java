package io.millrace.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps every event good that a released catalogue takes. A release is a folder {@code
 * released/<version>} with the catalogue's files, {@code generated.ndjson} (by {@link
 * CatalogueExamples}) and {@code handmade.ndjson}; it is never changed. A change that the rule
 * reports and that is wanted all the same goes to {@code reviewed-breaks.txt}, word for word.
 */
class ReleasedCatalogueTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RELEASED =
      Path.of("src/test/resources/io/millrace/domain/catalogue/released");

  static List<Path> releases() throws IOException {
    try (Stream<Path> folders = Files.list(RELEASED)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void breaksNothingButWhatWasReviewed(Path release) throws IOException {
    List<String> reviewed =
        Files.readAllLines(RELEASED.resolve("reviewed-breaks.txt")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();

    List<String> breaks = CompatibilityRules.breaks(catalogue(release), Catalogue.builtIn());

    assertThat(breaks).isSubsetOf(reviewed);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void takesEveryExampleOfEveryRelease(Path release) throws IOException {
    List<String> refused = new ArrayList<>();
    Set<String> covered = new HashSet<>();
    for (String file : List.of("generated.ndjson", "handmade.ndjson")) {
      for (String line : Files.readAllLines(release.resolve(file))) {
        JsonNode example = JSON.readTree(line);
        String type = example.get("eventType").asText();
        covered.add(type);
        Catalogue.builtIn()
            .check(type, example.get("properties").toString())
            .ifPresent(finding -> refused.add(type + ": " + finding.message()));
      }
    }

    assertThat(refused).isEmpty();
    for (EventTypeSchema type : catalogue(release).types()) {
      assertThat(covered).contains(type.name()).containsAll(type.aliases());
    }
  }

  private static Catalogue catalogue(Path release) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(release)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".json")).sorted().toList()) {
        documents.add(JSON.readTree(Files.readAllBytes(file)));
      }
    }
    return Catalogue.of(documents);
  }
}
