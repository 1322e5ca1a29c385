package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * CPU time of this process at one moment, by thread, as Linux counts it.
 *
 * <p>The threads of the JVM itself and of native libraries are in it, which {@code ThreadMXBean}
 * does not see. Linux cuts a thread's name to 15 characters.
 *
 * @param processNanos of the whole process, ended threads included
 * @param threads by thread id
 */
public record Cpu(long processNanos, Map<String, ThreadTime> threads) {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** What one thread has used. */
  public record ThreadTime(String name, long nanos) {}

  public static Cpu now() {
    Map<String, ThreadTime> threads = new HashMap<>();
    try (Stream<Path> tasks = Files.list(TASKS)) {
      for (Path task : (Iterable<Path>) tasks::iterator) {
        read(task, threads);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + TASKS + "; benchmarks need Linux", e);
    }
    return new Cpu(
        ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos(), threads);
  }

  private static void read(Path task, Map<String, ThreadTime> threads) throws IOException {
    try {
      String name = Files.readString(task.resolve("comm")).strip();
      String onCpu = Files.readString(task.resolve("schedstat")).split(" ", 2)[0];
      threads.put(task.getFileName().toString(), new ThreadTime(name, Long.parseLong(onCpu)));
    } catch (NoSuchFileException e) {
      return; // the thread has ended since the listing
    } catch (IOException e) {
      if (Files.exists(task)) {
        throw e;
      }
    }
  }

  /** CPU of the whole process since the earlier moment. */
  public long processNanosSince(Cpu earlier) {
    return processNanos - earlier.processNanos;
  }

  /**
   * CPU since the earlier moment by group of threads; what threads used that have ended since is
   * {@code ended threads}.
   *
   * @param group names the group of a thread, from its name
   */
  public Map<String, Long> nanosSince(Cpu earlier, UnaryOperator<String> group) {
    Map<String, Long> groups = new TreeMap<>();
    long living = 0;
    for (Map.Entry<String, ThreadTime> entry : threads.entrySet()) {
      ThreadTime before = earlier.threads.get(entry.getKey());
      long used = entry.getValue().nanos - (before == null ? 0 : before.nanos);
      living += used;
      groups.merge(group.apply(entry.getValue().name), used, Long::sum);
    }
    groups.put("ended threads", Math.max(0, processNanosSince(earlier) - living));
    return groups;
  }
}
