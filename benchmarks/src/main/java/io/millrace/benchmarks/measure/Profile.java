package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Where the CPU goes: a flight recording, and its samples summed. */
public final class Profile implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final int TOP = 25;

  private final Recording recording = new Recording();
  private final Path file;

  private Profile(Path file) {
    this.file = file;
    recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
    recording.enable("jdk.NativeMethodSample").withPeriod(PERIOD);
    recording.enable("jdk.ObjectAllocationSample").with("throttle", "500/s");
    recording.start();
  }

  /** Starts to record. */
  public static Profile start(Path file) {
    return new Profile(file);
  }

  /** Ends the recording. */
  public void stop() throws IOException {
    recording.stop();
    recording.dump(file);
  }

  /** Adds what the recording shows, which has been stopped, to the report. */
  public void report(Report report) throws IOException {
    report(file, report);
  }

  /** Adds what a recording shows that another process has written. */
  public static void report(Path file, Report report) throws IOException {
    Counts self = new Counts();
    Counts within = new Counts();
    Counts threads = new Counts();
    Counts allocated = new Counts();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        count(events.readEvent(), self, within, threads, allocated);
      }
    }
    report.note("");
    report.note("Recording: " + file.toAbsolutePath());
    threads.print("Samples by thread", TOP, report);
    self.print("Samples by method (self)", TOP, report);
    within.print("Samples by method and what it calls", 2 * TOP, report);
    allocated.print(
        "Allocated bytes by the nearest method of Millrace or of what it stands on", TOP, report);
  }

  private static void count(
      RecordedEvent event, Counts self, Counts within, Counts threads, Counts allocated) {
    if (event.getStackTrace() == null) {
      return;
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    switch (event.getEventType().getName()) {
      case "jdk.ObjectAllocationSample" -> {
        String owner = owner(frames);
        allocated.add(
            owner + " ← " + event.getClass("objectClass").getName(), event.getLong("weight"));
      }
      case "jdk.NativeMethodSample" -> {
        // Waiting threads stand in native code as well; only RocksDB's calls are work.
        if (frames.stream().anyMatch(frame -> name(frame).startsWith("org.rocksdb."))) {
          add(event, frames, self, within, threads);
        }
      }
      case "jdk.ExecutionSample" -> add(event, frames, self, within, threads);
      default -> {
        return;
      }
    }
  }

  private static void add(
      RecordedEvent event, List<RecordedFrame> frames, Counts self, Counts within, Counts threads) {
    RecordedThread thread = event.getThread("sampledThread");
    String threadName = thread == null ? null : thread.getJavaName();
    threads.add(threadName == null ? "?" : threadName.replaceAll("\\d+", "N"), 1);
    self.add(name(frames.get(0)), 1);
    Set<String> seen = new HashSet<>();
    for (RecordedFrame frame : frames) {
      String name = name(frame);
      if (isOfInterest(name) && seen.add(name)) {
        within.add(name, 1);
      }
    }
    within.total = self.total;
  }

  private static String owner(List<RecordedFrame> frames) {
    return frames.stream()
        .map(Profile::name)
        .filter(Profile::isOfInterest)
        .findFirst()
        .orElse("elsewhere");
  }

  private static boolean isOfInterest(String method) {
    return method.startsWith("io.millrace.")
        || method.startsWith("org.apache.flink.")
        || method.startsWith("org.apache.kafka.")
        || method.startsWith("kafka.")
        || method.startsWith("org.rocksdb.")
        || method.startsWith("com.fasterxml.")
        || method.startsWith("org.apache.iceberg.");
  }

  private static String name(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    return method.getType().getName() + '.' + method.getName();
  }

  @Override
  public void close() {
    recording.close();
  }

  private static final class Counts {
    private final Map<String, Long> counts = new HashMap<>();
    private long total;

    void add(String name, long count) {
      counts.merge(name, count, Long::sum);
      total += count;
    }

    void print(String title, int top, Report report) {
      report.note("");
      report.note(title + " (of " + total + ")");
      List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
      sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed());
      for (Map.Entry<String, Long> entry : sorted.subList(0, Math.min(top, sorted.size()))) {
        report.note(
            String.format(
                Locale.ROOT,
                "%6.2f %%  %s",
                100.0 * entry.getValue() / Math.max(1, total),
                entry.getKey()));
      }
    }
  }
}
