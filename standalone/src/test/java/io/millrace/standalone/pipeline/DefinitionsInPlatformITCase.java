package io.millrace.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.command.TestCommands;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goals of a tenant that are changed while the pipeline runs. */
class DefinitionsInPlatformITCase {
  private static final String TENANT = "default";

  @TempDir static Path folder;
  private static ChildPlatform platform;
  private static LakeReader lake;

  private int sent;

  @BeforeAll
  static void start() throws Exception {
    define("goals:\n  order: {when: {event: purchase}, value: revenue}\n");
    platform = new ChildPlatform(folder.resolve("data"), List.of("--checkpoint-interval", "2s"));
    lake = new LakeReader(platform.start().lake().catalog());
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @Test
  void eachEventIsCountedByTheDefinitionsOfItsTime() throws Exception {
    send("purchase", "ann");
    String before = awaitConversionOf("order", "ann");

    // A file that cannot be used changes nothing, and stops nothing.
    define("goals:\n  order: {when: {evnt: purchase}}\n");
    send("purchase", "bob");
    assertThat(awaitConversionOf("order", "bob")).isEqualTo(before);

    define("goals:\n  signed-up: {when: {event: sign_up}}\n");
    String after = awaitConversionOfEach("sign_up", "signed-up");
    assertThat(after).isNotEqualTo(before);
    send("purchase", "cleo");
    send("sign_up", "cleo");
    assertThat(awaitConversionOf("signed-up", "cleo")).isEqualTo(after);

    assertThat(visitors("order"))
        .as("what was counted stays")
        .containsExactlyInAnyOrder("ann", "bob");
  }

  private static void define(String yaml) throws IOException {
    Path definitions = Files.createDirectories(folder.resolve("data/config/definitions"));
    Files.writeString(definitions.resolve(TENANT + ".yaml"), yaml);
  }

  private void send(String type, String visitor) {
    StringWriter said = new StringWriter();
    assertThat(
            TestCommands.run(
                said,
                said,
                "send",
                "--type",
                type,
                "--visitor",
                visitor,
                "--data",
                folder.resolve("data").toString()))
        .as(said::toString)
        .isZero();
  }

  /** The version of the definitions by which the visitor's conversion was counted. */
  private static String awaitConversionOf(String goal, String visitor) {
    return await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> version(goal, visitor), version -> version != null);
  }

  /** Sends events of new visitors until one counts; the definitions are looked at now and then. */
  private String awaitConversionOfEach(String type, String goal) {
    return await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              send(type, "n" + ++sent);
              for (int i = 1; i <= sent; i++) {
                if (version(goal, "n" + i) != null) {
                  return version(goal, "n" + i);
                }
              }
              return null;
            },
            version -> version != null);
  }

  private static String version(String goal, String visitor) throws IOException {
    for (Record row : lake.rows("conversions", "goal", "visitor_id", "definitions_version")) {
      if (row.getField("goal").equals(goal) && row.getField("visitor_id").equals(visitor)) {
        return (String) row.getField("definitions_version");
      }
    }
    return null;
  }

  private static Set<String> visitors(String goal) throws IOException {
    Set<String> visitors = new HashSet<>();
    for (Record row : lake.rows("conversions", "goal", "visitor_id")) {
      if (row.getField("goal").equals(goal)) {
        visitors.add((String) row.getField("visitor_id"));
      }
    }
    return visitors;
  }
}
