package io.millrace.standalone.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HotAuditTest {
  private static final long NOW = Duration.ofDays(20_000).toMillis();

  @Test
  void saysThatRedisDoesNotAnswer() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }

    assertThatThrownBy(() -> audit("redis://127.0.0.1:" + free).run(NOW, NOW))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot compare the hot store with the lake: Redis at redis://127.0.0.1:%d does not"
                    .formatted(free)
                + " answer (")
        .hasMessageEndingWith("); start it, or leave the comparison until it is back");
  }

  @Test
  void looksAtNothingWhereTheHotStoreKeepsNothingThatIsClosed() throws Exception {
    assertThat(audit("redis://127.0.0.1:1").run(NOW, 0))
        .hasSize(3)
        .allMatch(check -> check.violations() == 0);
  }

  private static HotAudit audit(String redis) {
    LakeCatalog none = new LakeCatalog("jdbc:none", "nobody", "", URI.create("file:///none/"));
    return new HotAudit(none, redis, Set.of(), what -> {}, () -> false);
  }
}
