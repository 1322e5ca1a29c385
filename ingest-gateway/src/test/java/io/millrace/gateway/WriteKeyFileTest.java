package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteKeyFileTest {
  /** SHA-256 of {@code secret}. */
  private static final String SECRET =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @TempDir Path folder;

  @Test
  void findsAKeyByItsHash() throws Exception {
    WriteKeyFile keys = new WriteKeyFile(file(entry("acme", SECRET)));

    assertThat(keys.find("secret")).hasValue(new WriteKey("acme", "web", true, false));
    assertThat(keys.find("Secret")).isEmpty();
    assertThat(keys.find(SECRET)).isEmpty();
    assertThat(keys.find("")).isEmpty();
    assertThat(WriteKeyFile.sha256Hex("secret")).isEqualTo(SECRET);
  }

  @Test
  void readsTheFileAgainWhenItChangesAndKeepsTheKeysWhileItIsBroken() throws Exception {
    Path file = file(entry("acme", SECRET));
    WriteKeyFile keys = new WriteKeyFile(file, Duration.ZERO);

    Files.writeString(file, "{ broken");
    Optional<WriteKey> whileBroken = keys.find("secret");
    Files.writeString(file, "{\"keys\":[" + entry("other", WriteKeyFile.sha256Hex("new")) + "]}");
    Optional<WriteKey> withdrawn = keys.find("secret");
    Optional<WriteKey> added = keys.find("new");

    assertThat(whileBroken).isPresent();
    assertThat(withdrawn).isEmpty();
    assertThat(added).map(WriteKey::tenant).hasValue("other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                           | there is no list "keys"
          {"keys":[{"tenant":"A b","name":"n"}]}       | tenant is "A b"; give 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit
          {"keys":[{"tenant":"a"}]}                    | a write key of tenant a has no name
          {"keys":[{"tenant":"a","name":"n"}]}         | key "n" of tenant a needs 64 hex digits in sha256
          {"keys":[{"tennant":"a"}]}                   | Unrecognized field "tennant"
          """)
  void refusesAFileThatIsNotRight(String json, String reason) throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), json);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WriteKeyFile(file))
        .withMessageStartingWith("Cannot read write keys from " + file + ": " + reason);
  }

  @Test
  void saysThatTheFileIsMissing() {
    Path file = folder.resolve("none.json");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WriteKeyFile(file))
        .withMessageContaining("Cannot read write keys from " + file + ": ")
        .withMessageContaining("NoSuchFileException");
  }

  private Path file(String entries) throws Exception {
    return Files.writeString(folder.resolve("keys.json"), "{\"keys\":[" + entries + "]}");
  }

  private static String entry(String tenant, String sha256) {
    return "{\"tenant\":\""
        + tenant
        + "\",\"name\":\"web\",\"sha256\":\""
        + sha256
        + "\",\"historical\":true}";
  }
}
