package io.millrace.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is published: how large it is, and that its papers are right. */
class BundleTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({"tracker.js, 3072", "tracker.full.js, 5632", "tracker.mjs, 5632"})
  void staysSmall(String name, int maxGzipBytes) throws IOException {
    byte[] script = resource(name);

    int gzipBytes = gzip(script).length;

    System.out.printf("%s: %,d bytes, %,d with gzip -9%n", name, script.length, gzipBytes);
    assertThat(gzipBytes).as("%s with gzip -9", name).isLessThanOrEqualTo(maxGzipBytes);
  }

  @Test
  void packagesNameFilesThatExist() throws IOException {
    for (String folder : List.of(".", "react")) {
      JsonNode papers = JSON.readTree(Path.of(folder, "package.json").toFile());
      Stream<String> all =
          Stream.of(
                  papers.path("exports").findValuesAsText("types").stream(),
                  papers.path("exports").findValuesAsText("default").stream(),
                  texts(papers.path("files")),
                  texts(papers.path("sideEffects")))
              .flatMap(names -> names);

      assertThat(all).isNotEmpty().allSatisfy(file -> assertThat(Path.of(folder, file)).exists());
      assertThat(papers.path("license").asText()).isEqualTo("Apache-2.0");
      assertThat(papers.has("dependencies")).isFalse();
    }
  }

  @Test
  void saysTheSameVersionEverywhere() throws IOException {
    String version = find("VERSION = '([^']+)'", "lib/delivery.js").iterator().next();

    assertThat(JSON.readTree(Path.of("package.json").toFile()).path("version").asText())
        .isEqualTo(version);
    assertThat(JSON.readTree(Path.of("react/package.json").toFile()).path("version").asText())
        .isEqualTo(version);
  }

  /** The code reads {@code config.name}; types and README must name the same options. */
  @Test
  void typesAndReadmeHaveTheOptionsOfTheCode() throws IOException {
    Set<String> read = find("config\\.(\\w+)", "lib/index.js");
    read.addAll(find("config\\.(\\w+)", "lib/delivery.js"));
    read.addAll(List.of("key", "sampleRate"));

    assertThat(interfaceFields("Options")).isEqualTo(read);
    assertThat(find("(?m)^\\| `(\\w+)` / `data-", "README.md"))
        .containsAll(without(read, "modules"));
  }

  @Test
  void typesHaveTheModulesOfTheCode() throws IOException {
    assertThat(find("export function (\\w+)", "lib/modules/index.d.ts"))
        .isEqualTo(find("export \\{ (\\w+) \\}", "lib/modules/index.js"));
  }

  @Test
  void readmeHasTheEventsOfTheCode() throws IOException {
    Set<String> events = new TreeSet<>();
    for (String file : List.of("clicks", "engagement", "errors", "forms", "scroll", "vitals")) {
      events.addAll(find("track\\(\\s*'(\\w+)'", "lib/modules/" + file + ".js"));
    }
    events.addAll(find("track\\('(\\w+)'", "lib/index.js"));

    assertThat(events).hasSizeGreaterThanOrEqualTo(8);
    assertThat(find("(?m)^\\| `(\\w+)` \\|", "README.md")).containsAll(events);
  }

  private static Set<String> interfaceFields(String name) throws IOException {
    String types = Files.readString(Path.of("lib/index.d.ts"));
    int start = types.indexOf("interface " + name + " {");
    return match("(?m)^  (\\w+)\\??:", types.substring(start, types.indexOf("\n}", start)));
  }

  private static Set<String> without(Set<String> names, String one) {
    Set<String> rest = new TreeSet<>(names);
    rest.remove(one);
    return rest;
  }

  private static Set<String> find(String pattern, String file) throws IOException {
    return match(pattern, Files.readString(Path.of(file)));
  }

  private static Set<String> match(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> texts(JsonNode list) {
    Stream.Builder<String> all = Stream.builder();
    list.forEach(one -> all.add(one.asText()));
    return all.build();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BundleTest.class.getResourceAsStream("/millrace/tracker/" + name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
