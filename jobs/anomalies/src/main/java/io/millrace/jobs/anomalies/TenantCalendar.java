package io.millrace.jobs.anomalies;

import io.millrace.domain.alert.AlertRules;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose clock a tenant lives by, and what it expects, as its file of alert rules says. It looks at
 * a file again after {@value #LOOK_EVERY_MILLIS} ms; of one that cannot be used, what it said
 * before holds.
 */
public final class TenantCalendar implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TenantCalendar.class);
  private static final long LOOK_EVERY_MILLIS = 10_000;

  /** Text, as a path cannot be shipped; null for none. */
  private final String folder;

  private transient Map<String, Known> known;

  private static final class Known {
    private long lookedAt;
    private String text = "";
    private AlertRules rules = AlertRules.NONE;
  }

  /**
   * @param folder with each tenant's rules, {@code <tenant>.yaml}; null or missing where there are
   *     none; every task manager sees it
   */
  public TenantCalendar(Path folder) {
    this.folder = folder == null ? null : folder.toString();
  }

  /** What holds for a tenant now. */
  AlertRules rules(String tenant, long nowMillis) {
    if (folder == null) {
      return AlertRules.NONE;
    }
    if (known == null) {
      known = new HashMap<>();
    }
    Known one = known.computeIfAbsent(tenant, name -> new Known());
    if (nowMillis - one.lookedAt >= LOOK_EVERY_MILLIS) {
      one.lookedAt = nowMillis;
      look(tenant, one);
    }
    return one.rules;
  }

  private void look(String tenant, Known one) {
    Path file = Path.of(folder, tenant + ".yaml");
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      if (!text.equals(one.text)) {
        one.text = text;
        one.rules = AlertRules.parse(file.getFileName().toString(), text);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The calendar of tenant {} stays as it was: {}", tenant, e.getMessage());
    }
  }
}
