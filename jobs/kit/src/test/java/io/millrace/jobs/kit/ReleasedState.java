package io.millrace.jobs.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;

/**
 * The state of an operator as a release left it, kept as a file: what a savepoint of that release
 * holds, and what every later release must go on from.
 *
 * <p>A file is written once, at its release, with {@code -Dmillrace.state.write=0.1}, and never
 * again.
 */
public final class ReleasedState {
  private static final String WRITE = "millrace.state.write";

  /** Makes the state as it is now. */
  @FunctionalInterface
  public interface Maker {
    OperatorSubtaskState make() throws Exception;
  }

  private ReleasedState() {}

  /**
   * The state that the release left.
   *
   * @param release its version, such as {@code 0.1}
   * @param operator its uid, with a dash for the slash
   * @param now how the state was made, for the release that writes it
   */
  public static OperatorSubtaskState of(String release, String operator, Maker now)
      throws Exception {
    Path file = Path.of("src/test/resources/state", release, operator + ".bin");
    if (release.equals(System.getProperty(WRITE))) {
      Files.createDirectories(file.getParent());
      OperatorSnapshotUtil.writeStateHandle(now.make(), file.toString());
    }
    if (!Files.exists(file)) {
      throw new IOException(
          "There is no "
              + file
              + "; release "
              + release
              + " writes it with -D"
              + WRITE
              + "="
              + release);
    }
    return OperatorSnapshotUtil.readStateHandle(file.toString());
  }
}
