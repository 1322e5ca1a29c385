package io.millrace.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/**
 * Held by the one command that changes the lake beside the pipeline: two of them could each insert
 * what the other inserts, or rewrite the same files. A killed process lets go of it.
 */
public final class LakeLock implements AutoCloseable {
  private final FileChannel channel;

  private LakeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param what what cannot be done without it, for the error: {@code recompute}
   * @throws PlatformException if another command has it
   */
  public static LakeLock take(DataFolder folder, String what) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.run().resolve("lake.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      channel.close();
      throw new PlatformException(
          ExitCode.ALREADY_RUNNING,
          "Cannot "
              + what
              + ": a backfill, restate, rebuild-hot or maintain is already running on "
              + folder.path()
              + "; wait until it has ended");
    }
    return new LakeLock(channel);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
