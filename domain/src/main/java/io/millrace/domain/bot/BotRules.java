package io.millrace.domain.bot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether a user agent is a machine's, and says why.
 *
 * <p>An event of a bot is flagged and kept. No user agent at all counts as a machine: every browser
 * sends one. That flags events of servers that say nothing about the user as well; who wants those
 * counted as people's passes the user's agent on.
 *
 * <p>A list of expressions decides ({@code agents.txt} beside this class), then the device class
 * that the user agent parser found.
 */
public final class BotRules {
  public static final String EMPTY = "user_agent:empty";

  /** No browser sends what the user agent parser cannot bear. */
  public static final String UNREADABLE = "user_agent:unreadable";

  private static final String RESOURCE = "agents.txt";

  /** Not "Hacker": the parser says so of any malformed text, which old handsets send as well. */
  private static final Set<String> MACHINE_CLASSES =
      Set.of("Robot", "Robot Mobile", "Robot Imitator", "Cloud");

  private final Map<String, Pattern> patternOfReason;

  public BotRules() {
    try (InputStream in = BotRules.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "Cannot read the list of bots: " + RESOURCE + " is not on the class path");
      }
      patternOfReason = read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the list of bots " + RESOURCE, e);
    }
  }

  private static Map<String, Pattern> read(BufferedReader lines) throws IOException {
    Map<String, StringBuilder> alternations = new LinkedHashMap<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int space = line.indexOf(' ');
      StringBuilder alternation =
          alternations.computeIfAbsent(line.substring(0, space), reason -> new StringBuilder());
      alternation.append(alternation.isEmpty() ? "" : "|").append(line, space + 1, line.length());
    }
    Map<String, Pattern> patterns = new LinkedHashMap<>();
    alternations.forEach(
        (reason, alternation) ->
            patterns.put(
                "user_agent:" + reason,
                Pattern.compile(alternation.toString(), Pattern.CASE_INSENSITIVE)));
    return patterns;
  }

  /** Whether there is nothing in {@code userAgent}; logs write a missing one as a dash. */
  public static boolean isEmpty(String userAgent) {
    return userAgent == null || userAgent.isBlank() || userAgent.equals("-");
  }

  /**
   * Why {@code userAgent} is a machine's, for example {@code user_agent:http_library}; null when it
   * looks like a person's.
   *
   * @param deviceClass what the user agent parser calls the device, for example {@code Robot}
   */
  public String reason(String userAgent, String deviceClass) {
    if (isEmpty(userAgent)) {
      return EMPTY;
    }
    for (Map.Entry<String, Pattern> entry : patternOfReason.entrySet()) {
      if (entry.getValue().matcher(userAgent).find()) {
        return entry.getKey();
      }
    }
    return MACHINE_CLASSES.contains(deviceClass) ? "yauaa:" + deviceClass : null;
  }
}
