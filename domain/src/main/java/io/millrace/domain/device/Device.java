package io.millrace.domain.device;

/**
 * What a user agent says of itself.
 *
 * @param browser name without version, for example {@code Chrome}; null when unknown
 * @param browserVersion major version, as minor ones only splinter every report; null when unknown
 * @param os name without version; null when unknown
 * @param deviceType {@code desktop}, {@code mobile}, {@code tablet}, {@code tv}, {@code console},
 *     {@code watch}, {@code robot} or {@code other}
 * @param bot whether a machine is behind it
 * @param botReason why, for example {@code user_agent:crawler_pattern}; null for people
 */
public record Device(
    String browser,
    String browserVersion,
    String os,
    String deviceType,
    boolean bot,
    String botReason) {
  public static final String OTHER = "other";
  public static final String ROBOT = "robot";
}
