package io.millrace.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir Path folder;

  @Test
  void theNewestIsTheHighestNumberOverAllRunsThatIsComplete() throws Exception {
    completed("a", 9);
    completed("b", 10);
    Path begun = Files.createDirectories(folder.resolve("b/chk-11"));
    Files.createDirectories(folder.resolve("c/shared"));
    Files.createFile(folder.resolve("a/chk-12"));

    assertThat(begun).exists();
    assertThat(store().latest().orElseThrow().folder()).isEqualTo(folder.resolve("b/chk-10"));
    assertThat(store().latestOf("a").orElseThrow().number()).isEqualTo(9);
    assertThat(store().latestOf("c")).isEmpty();
  }

  @Test
  void thereIsNoneBeforeTheFirstRun() throws Exception {
    assertThat(new CheckpointStore(folder.resolve("missing")).latest()).isEmpty();
  }

  @Test
  void earlierRunsAreDeletedOnlyWhenTheNewOneHasACheckpointOfItsOwn() throws Exception {
    completed("old", 9);
    Files.createDirectories(folder.resolve("new/chk-10"));

    assertThat(store().deleteSupersededBy("new")).isFalse();
    assertThat(folder.resolve("old")).exists();

    completed("new", 10);
    assertThat(store().deleteSupersededBy("new")).isTrue();
    assertThat(folder.resolve("old")).doesNotExist();
    assertThat(store().latest().orElseThrow().jobId()).isEqualTo("new");
  }

  private CheckpointStore store() {
    return new CheckpointStore(folder);
  }

  private void completed(String job, int number) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve(job).resolve("chk-" + number));
    Files.createFile(checkpoint.resolve("_metadata"));
  }
}
