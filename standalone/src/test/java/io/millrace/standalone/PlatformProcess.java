package io.millrace.standalone;

import io.millrace.gateway.access.AccessOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A platform in a Java process of its own, which a test can kill. */
public final class PlatformProcess {
  private PlatformProcess() {}

  public static void main(String[] words) throws Exception {
    PlatformOptions defaults = PlatformOptions.defaults(Path.of(words[0]));
    PlatformOptions options =
        new PlatformOptions(
            defaults.data(),
            defaults.ports(),
            defaults.external(),
            Duration.ofSeconds(1),
            1,
            Optional.empty(),
            List.of("default"),
            Map.of(),
            PlatformOptions.DEFAULT_MAINTAIN_EVERY,
            AccessOptions.DEFAULT);
    Platform.start(
        options,
        Optional.of(new TestPipeline()),
        Optional.empty(),
        Clock.systemUTC(),
        (part, address, took) ->
            System.out.println(part + " " + address + " " + took.toMillis() + " ms"));
    System.out.println("ready");
    Thread.currentThread().join();
  }
}
