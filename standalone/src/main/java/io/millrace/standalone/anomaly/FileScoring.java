package io.millrace.standalone.anomaly;

import io.millrace.domain.anomaly.ScorerModel;
import io.millrace.jobs.anomalies.score.OwnPastModel;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Scores files of series with the scorer of the pipeline. */
public final class FileScoring {
  /**
   * What was done.
   *
   * @param model the version that scored
   */
  public record Report(String model, List<ScoredFile> files) {
    public int rows() {
      return files.stream().mapToInt(ScoredFile::rows).sum();
    }

    public int alarms() {
      return files.stream().mapToInt(file -> file.alarms().size()).sum();
    }
  }

  private FileScoring() {}

  /**
   * Writes a result for each file below {@code out}.
   *
   * @param meta null where nothing is known of the series
   */
  public static Report score(List<Path> given, Path out, Path meta) {
    ScorerModel model = new OwnPastModel();
    SeriesMeta known = meta == null ? SeriesMeta.none() : SeriesMeta.read(meta);
    List<ScoredFile> done = new ArrayList<>();
    try {
      for (Map.Entry<String, Path> one : SeriesFiles.find(given, out).entrySet()) {
        String name = one.getKey();
        done.add(ScoredFile.score(name, one.getValue(), out, known.of(name), model));
      }
    } catch (IOException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT, "Cannot write scores to " + out + ": " + e.getMessage(), e);
    }
    return new Report(model.version(), done);
  }
}
