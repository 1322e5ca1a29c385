package io.millrace.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.alert.AlertRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  void theExampleIsAFileThatCanBeUsed() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String yaml = readme.split("```yaml\n")[1].split("```")[0];

    AlertRules rules = AlertRules.parse("README.md", yaml.replace("…", "x"));

    assertThat(rules.ruleNames())
        .containsExactly("traffic", "errors", "revenue", "checkout", "broken", "late");
    assertThat(rules.channelNames()).containsExactly("ops", "chat", "mail", "prom");
  }
}
