package io.millrace.standalone.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints that the pipeline keeps on disk, over all its runs.
 *
 * <p>Each run is a Flink job with an id of its own, and writes {@code <job id>/chk-<n>/_metadata}.
 * Flink puts {@code _metadata} in place by a rename when everything else is there, so a checkpoint
 * with that file is complete. A run goes on counting where the one it was restored from stopped, so
 * the highest number is the newest.
 *
 * <p>A run restores in NO_CLAIM mode: its first checkpoint copies everything and points at no file
 * of an earlier run. From that moment on the folders of earlier runs are needed by nothing and are
 * deleted whole, with all that a killed run left half-written. CLAIM would save that one copy, but
 * then the files that live on in the earlier run's {@code shared/} folder are known only to Flink,
 * and nobody could tell rubbish from state.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String PREFIX = "chk-";

  /** A completed checkpoint. */
  public record Checkpoint(String jobId, long number, Path folder, FileTime completedAt) {}

  private final Path folder;

  public CheckpointStore(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /** The newest completed checkpoint of all runs. */
  public Optional<Checkpoint> latest() throws IOException {
    Optional<Checkpoint> latest = Optional.empty();
    for (Path job : folders(folder)) {
      Optional<Checkpoint> ofJob = latestOf(job.getFileName().toString());
      if (ofJob.isPresent() && (latest.isEmpty() || NEWER.compare(ofJob.get(), latest.get()) > 0)) {
        latest = ofJob;
      }
    }
    return latest;
  }

  private static final Comparator<Checkpoint> NEWER =
      Comparator.comparingLong(Checkpoint::number).thenComparing(Checkpoint::completedAt);

  /** The newest completed checkpoint of one run. */
  public Optional<Checkpoint> latestOf(String jobId) throws IOException {
    Optional<Checkpoint> latest = Optional.empty();
    for (Path candidate : folders(folder.resolve(jobId))) {
      Optional<Checkpoint> checkpoint = read(jobId, candidate);
      if (checkpoint.isPresent()
          && (latest.isEmpty() || NEWER.compare(checkpoint.get(), latest.get()) > 0)) {
        latest = checkpoint;
      }
    }
    return latest;
  }

  private static Optional<Checkpoint> read(String jobId, Path candidate) throws IOException {
    String name = candidate.getFileName().toString();
    if (!name.matches(PREFIX + "\\d{1,18}")) {
      return Optional.empty();
    }
    try {
      FileTime completedAt = Files.getLastModifiedTime(candidate.resolve("_metadata"));
      long number = Long.parseLong(name.substring(PREFIX.length()));
      return Optional.of(new Checkpoint(jobId, number, candidate, completedAt));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // not complete, or just replaced by a newer one
    }
  }

  /**
   * Deletes what earlier runs left, once the given run has a completed checkpoint of its own.
   *
   * @return whether that was the case
   */
  public boolean deleteSupersededBy(String jobId) throws IOException {
    if (latestOf(jobId).isEmpty()) {
      return false;
    }
    for (Path job : folders(folder)) {
      if (!job.getFileName().toString().equals(jobId)) {
        FileUtils.deleteDirectory(job.toFile());
        LOG.info("Deleted the checkpoints of the earlier run {}", job.getFileName());
      }
    }
    return true;
  }

  private static List<Path> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).toList();
    }
  }
}
