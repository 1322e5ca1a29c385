package io.millrace.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.privacy.SaltStore;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSaltStoreTest {
  private static final LocalDate DAY = LocalDate.parse("2026-03-02");

  @TempDir Path data;

  @Test
  void keepsOneSaltADayThatOnlyItsOwnerMayRead() throws Exception {
    Path folder = data.resolve("salts");
    byte[] salt = new FileSaltStore(folder).findOrCreate(DAY);

    byte[] after = new FileSaltStore(folder).findOrCreate(DAY);
    byte[] next = new FileSaltStore(folder).findOrCreate(DAY.plusDays(1));

    assertThat(after).isEqualTo(salt).hasSize(SaltStore.SALT_BYTES);
    assertThat(next).isNotEqualTo(salt);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("salt-2026-03-02"))))
        .isEqualTo("rw-------");
  }

  @Test
  void destroysOlderSaltsAndNothingElse() throws Exception {
    FileSaltStore store = new FileSaltStore(data);
    store.findOrCreate(DAY);
    store.findOrCreate(DAY.plusDays(1));
    Files.writeString(data.resolve("salt-of-the-earth"), "x");

    store.destroyBefore(DAY.plusDays(1));

    assertThat(names()).containsExactly("salt-2026-03-03", "salt-of-the-earth");
  }

  @Test
  void givesAllWhoAskAtOnceTheSameSaltAndLeavesNoDraft() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<String>> askers =
        Stream.generate(() -> (Callable<String>) this::firstByte).limit(64).toList();

    List<Future<String>> salts = threads.invokeAll(askers);
    threads.shutdown();

    for (Future<String> salt : salts) {
      assertThat(salt.get()).isEqualTo(salts.get(0).get());
    }
    assertThat(names()).containsExactly("salt-2026-03-02");
  }

  @Test
  void saysWhatIsWrongWithASaltOrAFolder() throws Exception {
    FileSaltStore store = new FileSaltStore(data);
    Files.writeString(data.resolve("salt-2026-03-02"), "short");
    Path file = Files.writeString(data.resolve("file"), "");

    assertThatIllegalStateException()
        .isThrownBy(() -> store.findOrCreate(DAY))
        .withMessageContaining("salt-2026-03-02: it has 5 bytes instead of 32; delete it");
    assertThatThrownBy(() -> new FileSaltStore(file.resolve("salts")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Cannot use salts in " + file.resolve("salts"))
        .hasMessageContaining("give a folder that the gateway's user owns");
  }

  private String firstByte() {
    return java.util.Arrays.toString(new FileSaltStore(data).findOrCreate(DAY));
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(data)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
