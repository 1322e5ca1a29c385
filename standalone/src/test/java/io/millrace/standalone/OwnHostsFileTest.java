package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.OwnHosts;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnHostsFileTest {
  @TempDir Path config;

  @Test
  void keepsWhatAnEarlierStartWasGiven() throws Exception {
    OwnHostsFile.remember(config, Map.of("acme", Set.of("acme.org"), "other", Set.of("other.org")));

    OwnHosts restarted = OwnHostsFile.remember(config, Map.of("other", Set.of("changed.org")));

    assertThat(restarted.contains("acme", "www.acme.org")).isTrue();
    assertThat(restarted.contains("other", "changed.org")).isTrue();
    assertThat(restarted.contains("other", "other.org")).isFalse();
  }
}
