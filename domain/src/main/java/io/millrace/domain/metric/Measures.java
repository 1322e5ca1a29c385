package io.millrace.domain.metric;

/** Sums over the events and sessions of one group in one window. A Flink POJO, kept in state. */
public final class Measures {
  public long events;
  public long pageViews;
  public long clicks;
  public long sessions;
  public long bounces;
  public long sessionMs;
  public long engagementMs;
  public long conversions;
  public long revenueCents;

  /** A {@link VisitorSketch}; null before the first visitor. */
  public byte[] visitors;

  /** Grows with every change that goes into this, so it tells which of two versions is newer. */
  public long changes;

  /** Whether nothing happened, or all that did was taken back. */
  public boolean isEmpty() {
    return events == 0 && sessions == 0;
  }

  /** Adds the other's sums and visitors to this. */
  public void add(Measures other) {
    events += other.events;
    pageViews += other.pageViews;
    clicks += other.clicks;
    sessions += other.sessions;
    bounces += other.bounces;
    sessionMs += other.sessionMs;
    engagementMs += other.engagementMs;
    conversions += other.conversions;
    revenueCents += other.revenueCents;
    changes += other.changes;
    if (other.visitors != null) {
      visitors = visitors == null ? other.visitors : VisitorSketch.union(visitors, other.visitors);
    }
  }
}
