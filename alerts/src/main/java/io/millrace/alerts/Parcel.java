package io.millrace.alerts;

import io.millrace.domain.alert.Alert;
import java.time.Instant;

/**
 * A message on its way to one channel.
 *
 * @param number in the outbox
 * @param attempts with this one
 */
record Parcel(
    long number, String tenant, String channel, Alert alert, Instant createdAt, int attempts) {
  @Override
  public String toString() {
    return alert.messageId() + " for channel " + channel + " of " + tenant;
  }
}
