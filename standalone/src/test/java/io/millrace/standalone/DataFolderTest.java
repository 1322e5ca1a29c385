package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path path;

  @Test
  void theFolderIsTheOneOfMillraceDataElseInTheDataHomeElseInTheUsersHome() {
    assertThat(DataFolder.defaultPath(Map.of("MILLRACE_DATA", "/d", "XDG_DATA_HOME", "/x"), "/h"))
        .isEqualTo(Path.of("/d"));
    assertThat(DataFolder.defaultPath(Map.of("XDG_DATA_HOME", "/x"), "/h"))
        .isEqualTo(Path.of("/x/millrace"));
    assertThat(DataFolder.defaultPath(Map.of("XDG_DATA_HOME", "relative"), "/h"))
        .isEqualTo(Path.of("/h/.local/share/millrace"));
  }

  @Test
  void aFullDiskIsRefusedBeforeAnythingStarts() {
    DataFolder folder = new DataFolder(path);

    folder.requireRoom(500_000_000);

    assertThatThrownBy(() -> folder.requireRoom(499_999_999))
        .isInstanceOfSatisfying(
            PlatformException.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.ENVIRONMENT))
        .hasMessage(
            "Cannot start: the disk of "
                + path
                + " has 499 MB left; at least 500 MB are needed, so free some, or give a folder on"
                + " another disk with --data");
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedInWords() throws Exception {
    Path file = Files.createFile(path.resolve("file"));

    assertThatThrownBy(() -> new DataFolder(file.resolve("data")).prepare())
        .isInstanceOfSatisfying(
            PlatformException.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.ENVIRONMENT))
        .hasMessage(
            "Cannot use the data folder "
                + file.resolve("data")
                + ": it cannot be written (FileSystemException); give a folder of your own with"
                + " --data");
  }

  @Test
  void oneProcessHoldsTheFolderAndWhatAKilledOneLeftDoesNotCount() throws Exception {
    DataFolder folder = new DataFolder(path);
    folder.prepare();
    Files.writeString(folder.run().resolve("lock"), "4194304");
    Files.writeString(RunningPlatform.file(folder), "{\"pid\":4194304}");

    assertThat(folder.holder()).isEmpty();
    assertThat(RunningPlatform.find(folder)).isEmpty();
    try (DataFolder.Lock lock = folder.lock()) {
      assertThat(lock).isNotNull();
      assertThat(folder.holder()).contains(ProcessHandle.current().pid());
      assertThat(RunningPlatform.find(folder)).isEmpty(); // not ready yet
      assertThatThrownBy(folder::lock)
          .hasMessageStartingWith("Cannot start: Millrace is already running on " + path);
    }
    assertThat(folder.holder()).isEmpty();
  }

  @Test
  void aCommandThatNeedsARunningPlatformSaysThatThereIsNone() {
    assertThatThrownBy(() -> RunningPlatform.require(new DataFolder(path)))
        .isInstanceOfSatisfying(
            PlatformException.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.NOT_RUNNING))
        .hasMessage(
            "Millrace is not running on "
                + path
                + "; start it with \"millrace up\", or name its folder with --data");
  }
}
