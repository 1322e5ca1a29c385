package io.millrace.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that holds everything of one platform.
 *
 * <p>Whether a platform runs is decided by the lock on {@code run/lock} alone, which the operating
 * system gives up with its holder, however that ended. The process id in the file is for people,
 * and for {@code stop}.
 */
public record DataFolder(Path path) {
  static final long LEAST_FREE_BYTES = 500_000_000;

  public DataFolder {
    path = path.toAbsolutePath().normalize();
  }

  /** {@code $MILLRACE_DATA}, else {@code millrace} in the user's data home. */
  public static Path defaultPath(Map<String, String> environment, String home) {
    String own = environment.getOrDefault("MILLRACE_DATA", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String dataHome = environment.getOrDefault("XDG_DATA_HOME", "");
    // The XDG standard: a path that is not absolute is to be ignored.
    return dataHome.startsWith("/")
        ? Path.of(dataHome, "millrace")
        : Path.of(home, ".local", "share", "millrace");
  }

  public Path config() {
    return path.resolve("config");
  }

  /** With the alert rules of each tenant. */
  public Path alerts() {
    return config().resolve("alerts");
  }

  public Path logs() {
    return path.resolve("logs");
  }

  public Path run() {
    return path.resolve("run");
  }

  /** Events that wait for Kafka; at most {@link PlatformParts#MAX_SPOOL_BYTES}. */
  public Path spool() {
    return path.resolve("spool");
  }

  public Path warehouse() {
    return path.resolve("warehouse");
  }

  private Path lockFile() {
    return run().resolve("lock");
  }

  /** Creates the folder if need be, and refuses one that cannot be written or has no room. */
  public void prepare() {
    try {
      Files.createDirectories(config());
      Files.createDirectories(run());
      Files.createDirectories(logs());
      Files.delete(Files.createTempFile(run(), "writable", null));
    } catch (IOException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot use the data folder "
              + path
              + ": it cannot be written ("
              + e.getClass().getSimpleName()
              + "); give a folder of your own with --data",
          e);
    }
    try {
      requireRoom(Files.getFileStore(path).getUsableSpace());
    } catch (IOException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT, "Cannot use the data folder " + path + ": " + e.getMessage(), e);
    }
  }

  void requireRoom(long freeBytes) {
    if (freeBytes < LEAST_FREE_BYTES) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot start: the disk of "
              + path
              + " has "
              + freeBytes / 1_000_000
              + " MB left; at least "
              + LEAST_FREE_BYTES / 1_000_000
              + " MB are needed, so free some, or give a folder on another disk with --data");
    }
  }

  /** Takes the folder for this process, until the lock is closed. */
  public Lock lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            lockFile(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      String holder = readHolder().map(pid -> " (process " + pid + ")").orElse("");
      channel.close();
      throw new PlatformException(
          ExitCode.ALREADY_RUNNING,
          "Cannot start: Millrace is already running on "
              + path
              + holder
              + "; stop it with \"millrace stop\", or give another folder with --data");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return new Lock(channel);
  }

  /** The process that runs a platform on this folder; none when nothing does. */
  public Optional<Long> holder() throws IOException {
    if (!Files.exists(lockFile())) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(lockFile(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock lock = tryLock(channel);
      return lock == null ? readHolder() : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Optional<Long> readHolder() throws IOException {
    String text = Files.readString(lockFile()).trim();
    return text.matches("\\d{1,10}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  /** Holds the folder. */
  public static final class Lock implements AutoCloseable {
    private final FileChannel channel;

    private Lock(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
