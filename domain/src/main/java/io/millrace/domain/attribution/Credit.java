package io.millrace.domain.attribution;

import java.util.Objects;

/**
 * What one session gets of one conversion by one model; a row of {@code lake.attribution}. A Flink
 * POJO: fields are public, and set once.
 */
public final class Credit {
  public String tenant;
  public String conversionId;
  public String goal;
  public String version;
  public String definitionsVersion;

  /** Label of the {@link AttributionModel}. */
  public String model;

  public String visitorId;

  /** The session that gets the credit. */
  public String sessionId;

  /** When that session began, epoch ms. */
  public long touchedAt;

  public String channel;
  public String source;
  public String medium;
  public String campaign;

  /** When the conversion was, epoch ms. */
  public long occurredAt;

  /** Billionths of the conversion. */
  public long creditNanos;

  public long revenueCents;
  public String currency;
  public boolean bot;

  /** What tells this row from others. */
  public String id() {
    return conversionId + '/' + model + '/' + sessionId;
  }

  /** Whether both say the same; all that is not compared follows from the id. */
  public boolean sameAs(Credit other) {
    return id().equals(other.id())
        && creditNanos == other.creditNanos
        && revenueCents == other.revenueCents
        && Objects.equals(channel, other.channel)
        && Objects.equals(source, other.source)
        && Objects.equals(medium, other.medium)
        && Objects.equals(campaign, other.campaign);
  }

  @Override
  public String toString() {
    return "Credit[" + id() + ' ' + channel + ' ' + creditNanos + " nanos]";
  }
}
