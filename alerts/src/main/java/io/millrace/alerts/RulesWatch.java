package io.millrace.alerts;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.InvalidAlertRulesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The present rules of all tenants. The folder is looked at again and again; of a file that cannot
 * be used the last usable form stays, as long as this runs.
 */
public final class RulesWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RulesWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Path folder;
  private final Consumer<String> trouble;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "alert-rules");
            made.setDaemon(true);
            return made;
          });

  /** By tenant, what was read last: the file's text, or why it could not be read. */
  private final Map<String, String> seen = new HashMap<>();

  private final Set<String> unusable = new HashSet<>();
  private final Set<String> missedOnce = new HashSet<>();
  private boolean folderFails;
  private volatile Snapshot snapshot = new Snapshot(Map.of(), Set.of());

  /**
   * The rules of one moment; the same object until something changes.
   *
   * @param rules by tenant
   * @param withFile tenants that have a file, be it one that was never usable
   */
  public record Snapshot(Map<String, AlertRules> rules, Set<String> withFile) {}

  RulesWatch(Path folder, Consumer<String> trouble) {
    this.folder = folder;
    this.trouble = trouble;
  }

  /** Reads the folder, and goes on until it is closed. */
  public static RulesWatch start(Path folder, MeterRegistry metrics) {
    RulesWatch watch = new RulesWatch(folder, LOG::error);
    metrics.gauge("alert_rule_files_unusable", watch, RulesWatch::unusableFiles);
    watch.look();
    long millis = LOOK_EVERY.toMillis();
    var unused =
        watch.thread.scheduleWithFixedDelay(
            watch::lookOrSayWhyNot, millis, millis, TimeUnit.MILLISECONDS);
    return watch;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /** The rules of one tenant, who need not have any. */
  public AlertRules of(String tenant) {
    return snapshot.rules().getOrDefault(tenant, AlertRules.NONE);
  }

  synchronized int unusableFiles() {
    return unusable.size();
  }

  private void lookOrSayWhyNot() {
    try {
      look();
    } catch (RuntimeException e) {
      // The scheduler would never run this again.
      LOG.error("The alert rules in {} cannot be read", folder, e);
    }
  }

  synchronized void look() {
    Map<String, Path> files = new TreeMap<>();
    try {
      AlertRulesFolder.files(folder)
          .forEach(file -> files.put(AlertRulesFolder.tenant(file), file));
      folderFails = false;
    } catch (IOException | UncheckedIOException e) {
      if (!folderFails) {
        trouble.accept("The alert rules stay as they are: " + folder + " cannot be read: " + e);
      }
      folderFails = true;
      return;
    }
    Map<String, AlertRules> rules = new TreeMap<>(snapshot.rules());
    Set<String> withFile = new HashSet<>(files.keySet());
    boolean changed = false;
    for (Map.Entry<String, Path> file : files.entrySet()) {
      missedOnce.remove(file.getKey());
      changed |= read(file.getKey(), file.getValue(), rules);
    }
    for (String tenant : snapshot.withFile()) {
      if (files.containsKey(tenant)) {
        continue;
      }
      if (missedOnce.add(tenant)) {
        withFile.add(tenant); // perhaps it is just being replaced
      } else {
        missedOnce.remove(tenant);
        seen.remove(tenant);
        unusable.remove(tenant);
        rules.remove(tenant);
        changed = true;
        LOG.info("Tenant {} has no alert rules any more", tenant);
      }
    }
    if (changed) {
      snapshot = new Snapshot(Map.copyOf(rules), Set.copyOf(withFile));
    }
  }

  /** Returns whether the file is another than before. */
  private boolean read(String tenant, Path file, Map<String, AlertRules> rules) {
    String text;
    String problem = null;
    try {
      text = AlertRulesFolder.text(file);
      if (text.equals(seen.get(tenant))) {
        return false;
      }
      rules.put(tenant, AlertRules.parse(file.getFileName().toString(), text));
    } catch (NoSuchFileException e) {
      return false; // removed since the folder was listed
    } catch (InvalidAlertRulesException e) {
      problem = e.getMessage();
      text = problem;
    }
    if (text.equals(seen.put(tenant, text))) {
      return false;
    }
    if (problem == null) {
      unusable.remove(tenant);
      LOG.info("Read the alert rules of tenant {}", tenant);
    } else {
      unusable.add(tenant);
      trouble.accept(
          problem
              + (rules.containsKey(tenant)
                  ? "; the rules from before stay"
                  : "; nobody is alerted of anything of tenant " + tenant));
    }
    return true;
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
