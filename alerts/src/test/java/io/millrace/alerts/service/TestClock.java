package io.millrace.alerts.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Begins when it is told to, goes on as time does, and can be moved. */
final class TestClock extends Clock {
  private volatile Duration ahead;

  private TestClock(Duration ahead) {
    this.ahead = ahead;
  }

  static TestClock at(Instant begin) {
    return new TestClock(Duration.between(Instant.now(), begin));
  }

  void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("All is in UTC");
  }
}
