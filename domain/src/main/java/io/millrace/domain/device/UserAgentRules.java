package io.millrace.domain.device;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.millrace.domain.bot.BotRules;
import java.util.Map;
import nl.basjes.parse.useragent.UserAgent;
import nl.basjes.parse.useragent.UserAgentAnalyzerDirect;

/**
 * Reads user agents.
 *
 * <p>There is one per JVM, built at first use: the parser behind it takes seconds to build and 130
 * MiB of heap, and a user agent takes half a millisecond to parse, so that all jobs, SQL functions
 * and tests of a process share one parser and one cache. Thread-safe.
 */
public final class UserAgentRules {
  /** What is longer is cut: no browser comes near it, and the cache stays bounded. */
  public static final int MAX_LENGTH = 1024;

  /** Real user agents nest two or three deep; at some hundreds the parser overflows its stack. */
  private static final int MAX_NESTING = 16;

  /** Real user agents have up to 15; at some hundreds the parser needs minutes. */
  private static final int MAX_SLASHES = 32;

  private static final int CACHED_USER_AGENTS = 20_000;

  private static final Device NOBODY =
      new Device(null, null, null, Device.OTHER, true, BotRules.EMPTY);

  private static final Device UNREADABLE =
      new Device(null, null, null, Device.ROBOT, true, BotRules.UNREADABLE);

  private static final Map<String, String> TYPE_OF_CLASS =
      Map.ofEntries(
          Map.entry("Desktop", "desktop"),
          Map.entry("Phone", "mobile"),
          Map.entry("Mobile", "mobile"),
          Map.entry("Tablet", "tablet"),
          Map.entry("eReader", "tablet"),
          Map.entry("TV", "tv"),
          Map.entry("Set-top box", "tv"),
          Map.entry("Game Console", "console"),
          Map.entry("Handheld Game Console", "console"),
          Map.entry("Watch", "watch"));

  private final BotRules bots = new BotRules();
  private final UserAgentAnalyzerDirect analyzer =
      UserAgentAnalyzerDirect.newBuilder()
          .withFields(
              UserAgent.DEVICE_CLASS,
              UserAgent.OPERATING_SYSTEM_NAME,
              UserAgent.AGENT_NAME,
              UserAgent.AGENT_VERSION_MAJOR)
          .withUserAgentMaxLength(MAX_LENGTH)
          .hideMatcherLoadStats()
          .dropTests()
          .immediateInitialization()
          .build();
  private final LoadingCache<String, Device> devices =
      Caffeine.newBuilder().maximumSize(CACHED_USER_AGENTS).build(this::parse);

  private UserAgentRules() {}

  private static final class Holder {
    static final UserAgentRules INSTANCE = new UserAgentRules();
  }

  /** The one of this JVM; the first call takes seconds. */
  public static UserAgentRules shared() {
    return Holder.INSTANCE;
  }

  /** What is behind {@code userAgent}, which may be null, empty, hostile or of any length. */
  public Device describe(String userAgent) {
    if (BotRules.isEmpty(userAgent)) {
      return NOBODY;
    }
    return devices.get(
        userAgent.length() > MAX_LENGTH ? userAgent.substring(0, MAX_LENGTH) : userAgent);
  }

  private Device parse(String userAgent) {
    UserAgent parsed = isParseable(userAgent) ? analyze(userAgent) : null;
    if (parsed == null) {
      return UNREADABLE;
    }

    String deviceClass = parsed.getValue(UserAgent.DEVICE_CLASS);
    String botReason = bots.reason(userAgent, deviceClass);
    String browser = known(parsed.getValue(UserAgent.AGENT_NAME));
    return new Device(
        browser,
        browser == null ? null : known(parsed.getValue(UserAgent.AGENT_VERSION_MAJOR)),
        known(parsed.getValue(UserAgent.OPERATING_SYSTEM_NAME)),
        deviceType(deviceClass, botReason),
        botReason != null,
        botReason);
  }

  /** Null where the parser fails: one user agent must never stop the events of everybody else. */
  private UserAgent analyze(String userAgent) {
    try {
      return analyzer.parse(userAgent);
    } catch (RuntimeException | StackOverflowError failedParse) {
      return null;
    }
  }

  /** Whether the parser can bear this text. */
  private static boolean isParseable(String userAgent) {
    int depth = 0;
    int deepest = 0;
    int slashes = 0;
    for (int i = 0; i < userAgent.length(); i++) {
      switch (userAgent.charAt(i)) {
        case '(', '[', '{', '<' -> deepest = Math.max(deepest, ++depth);
        case ')', ']', '}', '>' -> depth--;
        case '/' -> slashes++;
        default -> {}
      }
    }
    return deepest <= MAX_NESTING && slashes <= MAX_SLASHES;
  }

  /** The parser has several words for not knowing. */
  private static String known(String value) {
    return value == null
            || value.isBlank()
            || value.startsWith("Unknown")
            || value.equals("Unclassified")
            || value.equals("Hacker")
            || value.startsWith("??")
            || value.startsWith("<<<")
        ? null
        : value;
  }

  private static String deviceType(String deviceClass, String botReason) {
    if (botReason != null) {
      return Device.ROBOT;
    }
    return TYPE_OF_CLASS.getOrDefault(deviceClass, Device.OTHER);
  }
}
