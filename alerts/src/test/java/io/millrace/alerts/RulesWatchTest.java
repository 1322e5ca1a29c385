package io.millrace.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.alert.AlertRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesWatchTest {
  private static final String LATE =
      "channels: {ops: {kind: email, to: [a@example.org]}}\n"
          + "rules:\n  late: {freshness: {behind: 10 min}, to: [ops]}\n";

  private final List<String> trouble = new ArrayList<>();
  @TempDir Path parent;
  private RulesWatch watch;

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void knowsAFileFromTheNextLookOn() throws IOException {
    watch = new RulesWatch(parent.resolve("alerts"), trouble::add);
    watch.look();
    assertThat(watch.of("acme")).isSameAs(AlertRules.NONE);

    write("acme", LATE);
    watch.look();
    RulesWatch.Snapshot first = watch.snapshot();
    watch.look();

    assertThat(watch.snapshot()).as("nothing has changed").isSameAs(first);
    assertThat(watch.of("acme").ruleNames()).containsExactly("late");
    assertThat(watch.of("shop")).isSameAs(AlertRules.NONE);
    assertThat(trouble).isEmpty();
  }

  @Test
  void reportsAFileThatCannotBeUsedOncePerChangeAndKeepsTheLastRules() throws IOException {
    watch = new RulesWatch(parent.resolve("alerts"), trouble::add);
    write("acme", LATE);
    watch.look();

    write("acme", "rules: 3\n");
    watch.look();
    watch.look();
    assertThat(watch.unusableFiles()).isEqualTo(1);
    write("acme", "rules: 4\n");
    watch.look();
    assertThat(watch.of("acme").ruleNames()).containsExactly("late");
    write("acme", LATE.replace("late", "later"));
    watch.look();

    assertThat(trouble)
        .containsExactly(
            "Cannot use the alert rules: acme.yaml, line 1: rules is 3; an object is allowed; the"
                + " rules from before stay",
            "Cannot use the alert rules: acme.yaml, line 1: rules is 4; an object is allowed; the"
                + " rules from before stay");
    assertThat(watch.unusableFiles()).isZero();
    assertThat(watch.of("acme").ruleNames()).containsExactly("later");
  }

  @Test
  void aTenantWhoseFileWasNeverUsableHasAFileButNoRules() throws IOException {
    watch = new RulesWatch(parent.resolve("alerts"), trouble::add);
    write("acme", "rules: 3\n");

    watch.look();

    assertThat(watch.snapshot().withFile()).containsExactly("acme");
    assertThat(watch.snapshot().rules()).isEmpty();
    assertThat(trouble)
        .singleElement()
        .asString()
        .endsWith("; nobody is alerted of anything of tenant acme");
  }

  @Test
  void aFileIsGoneWhenItIsMissedTwice() throws IOException {
    watch = new RulesWatch(parent.resolve("alerts"), trouble::add);
    write("acme", LATE);
    watch.look();

    Path file = parent.resolve("alerts/acme.yaml");
    Files.delete(file);
    watch.look();
    assertThat(watch.of("acme").ruleNames()).containsExactly("late");
    write("acme", LATE);
    watch.look();
    Files.delete(file);
    watch.look();
    assertThat(watch.snapshot().withFile()).containsExactly("acme");
    watch.look();

    assertThat(watch.snapshot().withFile()).isEmpty();
    assertThat(watch.of("acme")).isSameAs(AlertRules.NONE);
  }

  private void write(String tenant, String yaml) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("alerts"));
    Files.writeString(folder.resolve(tenant + ".yaml"), yaml);
  }
}
