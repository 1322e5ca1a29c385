package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import io.millrace.jobs.kit.WriteBackCache;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The windows changed last, in memory, in front of the keyed state. */
final class WindowCache {
  /** A window's objects and texts, without sketch and key. */
  private static final int OWN_WEIGHT_BYTES = 500;

  private static final int MEASURES_WEIGHT_BYTES = 150;

  private final ValueState<MetricWindow> windows;
  private final MapState<Long, Measures> minutes;
  private final WriteBackCache<CachedWindow> cache;

  /**
   * Both null where the state backend keeps bytes: one that keeps objects must not share them with
   * this cache.
   */
  private final TypeSerializer<MetricWindow> windowCopier;

  private final TypeSerializer<Measures> minuteCopier;

  WindowCache(
      ValueState<MetricWindow> windows,
      MapState<Long, Measures> minutes,
      Consumer<String> currentKey,
      long maxWeightBytes,
      TypeSerializer<MetricWindow> windowCopier,
      TypeSerializer<Measures> minuteCopier) {
    this.windows = windows;
    this.minutes = minutes;
    this.cache = new WriteBackCache<>(this::write, currentKey, maxWeightBytes);
    this.windowCopier = windowCopier;
    this.minuteCopier = minuteCopier;
  }

  /** The window of the current key, or null if there is none. */
  CachedWindow find(String key) throws Exception {
    CachedWindow cached = cache.find(key);
    if (cached == null) {
      MetricWindow stored = windows.value();
      if (stored != null) {
        cached = add(key, copied(stored, windowCopier));
      }
    }
    return cached;
  }

  /** Takes a window for the current key, which has none. */
  CachedWindow add(String key, MetricWindow window) {
    CachedWindow cached = new CachedWindow(key, window);
    cache.add(cached);
    weigh(cached);
    return cached;
  }

  /** A minute of the current key's window; a new one if there is none. */
  Measures minute(CachedWindow cached, long minuteStart) throws Exception {
    Measures minute = cached.minutes.get(minuteStart);
    if (minute == null) {
      Measures stored = minutes.get(minuteStart);
      minute = stored == null ? new Measures() : copied(stored, minuteCopier);
      cached.minutes.put(minuteStart, minute);
    }
    return minute;
  }

  /**
   * The sum of all minutes of the current key's window; null if there are none. Its {@code changes}
   * is that of the minute that changed last.
   */
  Measures quarter(CachedWindow cached) throws Exception {
    if (cached.quarter == null) {
      Measures sum = new Measures();
      for (Map.Entry<Long, Measures> stored : minutes.entries()) {
        if (!cached.minutes.containsKey(stored.getKey())) {
          addMinute(sum, stored.getValue());
        }
      }
      cached.minutes.values().forEach(minute -> addMinute(sum, minute));
      cached.quarter = sum.changes == 0 ? null : sum;
    }
    return cached.quarter;
  }

  /** To be called when a minute has changed by as much: the quarter, where it is known, follows. */
  void quarterChanged(CachedWindow cached, MetricUpdate update, Measures minute) {
    if (cached.quarter != null) {
      long changes = Math.max(cached.quarter.changes, minute.changes);
      update.addTo(cached.quarter);
      cached.quarter.changes = changes;
    }
  }

  private static void addMinute(Measures sum, Measures minute) {
    long changes = Math.max(sum.changes, minute.changes);
    sum.add(minute);
    sum.changes = changes;
  }

  /** To be called after a window or one of its minutes has changed. */
  void changed(CachedWindow cached) {
    cached.setDirty();
    weigh(cached);
  }

  /** Forgets the current key's window and its minutes, here and in state. */
  void drop(CachedWindow cached) {
    windows.clear();
    minutes.clear();
    cache.remove(cached);
  }

  /** Lets go of those not used for longest until the weight is within its bound. */
  void evict(String keyInUse) throws Exception {
    cache.evict(keyInUse);
  }

  /** Writes all changes to state. The current key is any afterwards. */
  void flush() throws Exception {
    cache.flush();
  }

  private void write(CachedWindow cached) throws Exception {
    windows.update(copied(cached.window, windowCopier));
    // Minutes that are over stay behind in state; a window sees at most two at a time.
    for (Map.Entry<Long, Measures> minute : cached.minutes.entrySet()) {
      minutes.put(minute.getKey(), copied(minute.getValue(), minuteCopier));
    }
    cached.minutes.clear();
    cached.quarter = null;
    weigh(cached);
  }

  private static <T> T copied(T value, TypeSerializer<T> copier) {
    return copier == null ? value : copier.copy(value);
  }

  private void weigh(CachedWindow cached) {
    long weight = OWN_WEIGHT_BYTES + 4L * cached.key().length() + sketchBytes(cached.window.sums);
    for (Measures minute : cached.minutes.values()) {
      weight += MEASURES_WEIGHT_BYTES + sketchBytes(minute);
    }
    if (cached.quarter != null) {
      weight += MEASURES_WEIGHT_BYTES + sketchBytes(cached.quarter);
    }
    cache.grow(cached, weight - cached.weighedBytes);
    cached.weighedBytes = weight;
  }

  private static int sketchBytes(Measures sums) {
    return sums.visitors == null ? 0 : sums.visitors.length;
  }
}
