package io.millrace.alerts;

import java.time.Duration;

/**
 * How hard to try.
 *
 * @param workers how many channels can be sent to at once
 * @param pollEvery how often to look for what is due
 * @param lease longer than any attempt takes; what a killed process was sending is sent again after
 *     it
 * @param firstPause after the first failure; each next one is about twice as long
 * @param longestPause no pause is longer
 * @param giveUpAfter a message older than this is dead when an attempt fails
 */
public record DeliveryOptions(
    int workers,
    Duration pollEvery,
    Duration lease,
    Duration firstPause,
    Duration longestPause,
    Duration giveUpAfter) {
  public static final DeliveryOptions DEFAULT =
      new DeliveryOptions(
          4,
          Duration.ofMillis(500),
          Duration.ofMinutes(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofHours(24));
}
