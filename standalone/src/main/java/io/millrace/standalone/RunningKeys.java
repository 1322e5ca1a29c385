package io.millrace.standalone;

import io.millrace.standalone.traffic.KeySource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * The write keys of the platform on a data folder, read when they are needed.
 *
 * @param folder asked for when a key is
 */
public record RunningKeys(Supplier<DataFolder> folder) implements KeySource {
  @Override
  public String liveKey(String tenant) {
    return of(tenant).live();
  }

  @Override
  public String historicalKey(String tenant) {
    return of(tenant).historical();
  }

  private LocalKeys.Pair of(String tenant) {
    DataFolder data = folder.get();
    try {
      return LocalKeys.read(data.config()).of(tenant);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the write keys of " + data.path(), e);
    }
  }
}
