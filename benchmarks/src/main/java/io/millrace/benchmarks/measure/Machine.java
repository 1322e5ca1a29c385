package io.millrace.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What a figure depends on besides Millrace. */
public final class Machine {
  private Machine() {}

  /** Processes that wanted to run, averaged over the last minute: neighbours move every figure. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** For example {@code 2 cores, 24 GiB, JDK 17}. */
  public static String shape() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%d cores, %d GiB, JDK %d",
        system.getAvailableProcessors(),
        Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
        Runtime.version().feature());
  }
}
