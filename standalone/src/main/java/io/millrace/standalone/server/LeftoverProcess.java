package io.millrace.standalone.server;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child server that outlived its platform, because the platform was killed.
 *
 * <p>A process id alone proves nothing, since ids are used again: a process is ours only if its
 * command line names our data folder. One that is not ours is left alone.
 */
final class LeftoverProcess {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverProcess.class);

  /** A signal that both servers take as: finish what is on its way, then end. */
  enum Signal {
    /** Postgres: fast shutdown; SIGTERM would wait for every client to leave. */
    INT,
    /** Redis: write the append-only file, then end. */
    TERM
  }

  private LeftoverProcess() {}

  /**
   * Ends the process that the first line of the pid file names, if it is ours, and waits for it.
   */
  static void end(
      String server, Path pidFile, Predicate<List<String>> isOurs, Signal signal, Duration wait)
      throws IOException, InterruptedException {
    Optional<Long> found = find(pidFile, isOurs);
    if (found.isEmpty()) {
      return;
    }
    long pid = found.get();
    LOG.warn(
        "{} of an earlier run is still there (process {}): that run was killed; ending it",
        server,
        pid);
    send(signal, pid);
    if (!awaitEnd(pid, isOurs, wait)) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot start "
              + server
              + ": process "
              + pid
              + " of an earlier run did not end within "
              + wait.toSeconds()
              + " s; end it by hand and start again");
    }
  }

  static Optional<Long> find(Path pidFile, Predicate<List<String>> isOurs) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile);
    String first = lines.isEmpty() ? "" : lines.get(0).trim();
    if (!first.matches("\\d{1,10}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(first);
    return isOurs.test(command(pid)) ? Optional.of(pid) : Optional.empty();
  }

  static boolean awaitEnd(long pid, Predicate<List<String>> isOurs, Duration wait)
      throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    while (isOurs.test(command(pid))) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return true;
  }

  /** The words of a process's command line; none if there is no such process, or it is a zombie. */
  static List<String> command(long pid) {
    Path proc = Path.of("/proc", Long.toString(pid), "cmdline");
    if (Files.isDirectory(Path.of("/proc/self"))) {
      try {
        String words = new String(Files.readAllBytes(proc), StandardCharsets.UTF_8);
        return words.isEmpty() ? List.of() : List.of(words.split("\0"));
      } catch (IOException e) {
        return List.of(); // it ended meanwhile
      }
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().commandLine())
        .map(line -> List.of(line.split(" ")))
        .orElse(List.of());
  }

  private static void send(Signal signal, long pid) throws IOException, InterruptedException {
    // Java itself can only send TERM and KILL.
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).inheritIO().start();
    kill.waitFor();
  }
}
