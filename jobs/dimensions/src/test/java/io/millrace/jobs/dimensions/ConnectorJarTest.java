package io.millrace.jobs.dimensions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postgresql.util.DriverInfo;

/** What the shaded jar of the CDC connector does to those who share a class path with it. */
class ConnectorJarTest {
  @Test
  void jacksonFindsEveryModuleThatIsAnnounced() {
    List<Module> modules = ObjectMapper.findModules();

    assertThat(modules).isNotEmpty();
  }

  @Test
  void carriesThePostgresDriverInTheVersionThatEverybodyElseUses() throws IOException {
    List<URL> jars =
        Collections.list(
            DriverInfo.class.getClassLoader().getResources("org/postgresql/util/DriverInfo.class"));

    Set<ByteBuffer> versions = new HashSet<>();
    for (URL jar : jars) {
      try (InputStream in = jar.openStream()) {
        versions.add(ByteBuffer.wrap(in.readAllBytes()));
      }
    }

    assertThat(jars).hasSizeGreaterThan(1);
    assertThat(versions).as("of %s", jars).hasSize(1);
  }
}
