package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script in front: what it says before there is a Java that could say anything. */
class LauncherITCase {
  @TempDir Path folder;
  private Path launcher;

  @BeforeEach
  void aLinkToTheLauncherFromAnotherFolder() throws Exception {
    Path script = Path.of("").toAbsolutePath().resolveSibling("millrace");
    launcher = Files.createSymbolicLink(folder.resolve("link"), script);
  }

  @Test
  void aJavaThatIsTooOldIsNamedWithItsVersion() throws Exception {
    Path java = fakeJava("11");

    assertThat(run(Map.of("JAVA_HOME", folder.toString())))
        .isEqualTo(
            new Answer(
                5,
                "millrace: Cannot start: "
                    + java
                    + " is Java 11; Millrace needs 17, so point JAVA_HOME to a JDK 17.\n"));
  }

  @Test
  void java8HasAVersionThatIsWrittenOtherwise() throws Exception {
    fakeJava("1.8");

    assertThat(run(Map.of("JAVA_HOME", folder.toString())).said()).contains(" is Java 8; ");
  }

  @Test
  void aJavaHomeWithoutJavaIsNamed() throws Exception {
    assertThat(run(Map.of("JAVA_HOME", folder.toString())))
        .isEqualTo(
            new Answer(
                5,
                "millrace: Cannot start: JAVA_HOME is "
                    + folder
                    + ", and there is no bin/java in it; point it to a JDK 17.\n"));
  }

  private record Answer(int code, String said) {}

  private Path fakeJava(String version) throws Exception {
    Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
    Files.writeString(
        java, "#!/bin/sh\necho '    java.specification.version = " + version + "' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return java;
  }

  private Answer run(Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString(), "--version")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), said);
  }
}
