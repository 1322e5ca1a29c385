package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

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

    Map<String, Set<String>> restarted =
        OwnHostsFile.remember(config, Map.of("other", Set.of("changed.org")));

    assertThat(restarted)
        .isEqualTo(Map.of("acme", Set.of("acme.org"), "other", Set.of("changed.org")));
  }
}
