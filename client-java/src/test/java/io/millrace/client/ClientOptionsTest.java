package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientOptionsTest {
  private static final URI GATEWAY = URI.create("https://events.example.com");

  static List<Arguments> wrong() {
    return List.of(
        arguments(b -> b.maxQueuedEvents(0), "maxQueuedEvents is 0; give 1 to 2147483647"),
        arguments(
            b -> b.maxQueuedBytes(100), "maxQueuedBytes is 100; give 65536 to 9223372036854775807"),
        arguments(b -> b.maxBatchEvents(501), "maxBatchEvents is 501; give 1 to 500"),
        arguments(
            b -> b.maxBatchBytes(2_000_000), "maxBatchBytes is 2000000; give 131072 to 1048576"),
        arguments(b -> b.linger(Duration.ofMillis(-1)), "linger (ms) is -1; give 0 to 3600000"),
        arguments(
            b -> b.connectTimeout(Duration.ZERO), "connectTimeout (ms) is 0; give 1 to 3600000"),
        arguments(
            b -> b.requestTimeout(Duration.ZERO), "requestTimeout (ms) is 0; give 1 to 3600000"),
        arguments(b -> b.firstPause(Duration.ZERO), "firstPause (ms) is 0; give 1 to 3600000"),
        arguments(
            b -> b.longestPause(Duration.ofMillis(100)),
            "longestPause (ms) is 100; give 200 to 3600000"),
        arguments(b -> b.failuresToOpen(0), "failuresToOpen is 0; give 1 to 2147483647"),
        arguments(
            b -> b.maxSpoolBytes(1), "maxSpoolBytes is 1; give 65536 to 9223372036854775807"));
  }

  private static Arguments arguments(Consumer<ClientOptions.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrong")
  void saysWhatIsWrongWithAnOption(Consumer<ClientOptions.Builder> change, String message) {
    ClientOptions.Builder builder = ClientOptions.builder(GATEWAY, "key");
    change.accept(builder);

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot start the Millrace client: " + message);
  }

  @Test
  void saysWhatIsWrongWithTheAddressAndTheKeyWithoutShowingTheKey() {
    assertThatThrownBy(() -> ClientOptions.builder(URI.create("events:80"), "key").build())
        .hasMessage(
            "Cannot start the Millrace client: gateway is events:80; give a URL such as"
                + " https://events.example.com");
    assertThatThrownBy(() -> ClientOptions.builder(GATEWAY, "").build())
        .hasMessage(
            "Cannot start the Millrace client: writeKey is empty; give the key as `millrace up` or"
                + " your administrator shows it");
    assertThatThrownBy(() -> ClientOptions.builder(GATEWAY, "secret\r\nX: y").build())
        .hasMessageContaining("writeKey is not one word of ASCII")
        .hasMessageNotContaining("secret");
    assertThat(ClientOptions.builder(GATEWAY, "secret").build().toString())
        .doesNotContain("secret");
  }

  @Test
  void theReadmeListsEachOptionWithItsDefault() throws Exception {
    ClientOptions defaults = ClientOptions.builder(GATEWAY, "key").build();
    List<String> expected =
        Arrays.stream(ClientOptions.class.getRecordComponents())
            .skip(2) // gateway and writeKey are given, not defaulted
            .map(option -> option.getName() + " = " + shown(option, defaults))
            .toList();

    List<String> listed =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\|")
            .matcher(readme())
            .results()
            .map((MatchResult row) -> row.group(1) + " = " + row.group(2))
            .toList();

    assertThat(listed).isEqualTo(expected);
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  private static String shown(RecordComponent option, ClientOptions options) {
    try {
      Object value = option.getAccessor().invoke(options);
      if (value == null) {
        return "none";
      }
      if (value instanceof Duration duration) {
        return duration.toMillis() < 1000
            ? duration.toMillis() + " ms"
            : duration.toSeconds() + " s";
      }
      long number = ((Number) value).longValue();
      return option.getName().endsWith("Bytes")
          ? (number >> 20) + " MiB"
          : String.format("%,d", number);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + option, e);
    }
  }
}
