package io.millrace.domain.attribution;

import io.millrace.domain.goal.Conversion;
import io.millrace.domain.goal.Touch;
import io.millrace.domain.session.SessionRules;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Who gets the credit for a conversion: the visitor's sessions that began at or before it and
 * within the lookback, and always the session of the conversion itself.
 *
 * @param lookbackMs how long before the conversion a session may have begun, in ms; exactly this
 *     long still counts
 * @param halfLifeMs of {@link AttributionModel#TIME_DECAY}, in ms
 */
public record AttributionRules(long lookbackMs, long halfLifeMs) implements Serializable {
  /** A whole conversion, in the unit of {@link Credit#creditNanos}. */
  public static final long WHOLE = 1_000_000_000L;

  public static final AttributionRules DEFAULT =
      new AttributionRules(Duration.ofDays(90).toMillis(), Duration.ofDays(7).toMillis());

  public AttributionRules {
    if (lookbackMs <= 0) {
      throw new IllegalArgumentException(
          "attribution.lookback is "
              + lookbackMs
              + " ms; give a duration above 0, for example \"90 d\"");
    }
    if (halfLifeMs <= 0) {
      throw new IllegalArgumentException(
          "attribution.half-life is "
              + halfLifeMs
              + " ms; give a duration above 0, for example \"7 d\"");
    }
  }

  /**
   * The credits of all models for one conversion; those of a model sum to {@link #WHOLE}, and their
   * revenue to the conversion's. A session that gets nothing has no row.
   *
   * @param touches the visitor's sessions, in order of their start
   */
  public List<Credit> credits(Conversion conversion, List<Touch> touches) {
    List<Touch> led = new ArrayList<>();
    for (Touch touch : touches) {
      if (leads(touch, conversion.occurredAt)) {
        led.add(touch);
      }
    }
    List<Credit> credits = new ArrayList<>();
    for (AttributionModel model : AttributionModel.values()) {
      double[] weights = model.weights(led, halfLifeMs);
      long[] nanos = shares(weights, WHOLE);
      long[] cents = shares(weights, conversion.revenueCents);
      for (int i = 0; i < nanos.length; i++) {
        if (nanos[i] != 0 || cents[i] != 0) {
          credits.add(credit(conversion, model, led.get(i), nanos[i], cents[i]));
        }
      }
    }
    return credits;
  }

  /** Whether a session gets any credit for a conversion at this time. */
  public boolean leads(Touch touch, long convertedAt) {
    return touch.startedAt <= convertedAt
        && (touch.startedAt >= convertedAt - lookbackMs || touch.endedAt >= convertedAt);
  }

  /**
   * Divides a whole number in proportion to weights, so that the parts sum to it exactly: each part
   * is the difference of two rounded running sums, hence off by less than one.
   */
  static long[] shares(double[] weights, long whole) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    long[] shares = new long[weights.length];
    double running = 0;
    long given = 0;
    for (int i = 0; i < weights.length; i++) {
      running += weights[i];
      // The last of equal running sums is the same double as the sum, whatever was lost on the way.
      long upToHere = running == sum ? whole : Math.round(running / sum * whole);
      shares[i] = upToHere - given;
      given = upToHere;
    }
    return shares;
  }

  private static Credit credit(
      Conversion conversion, AttributionModel model, Touch touch, long nanos, long cents) {
    Credit credit = new Credit();
    credit.tenant = conversion.tenant;
    credit.conversionId = conversion.conversionId;
    credit.goal = conversion.goal;
    credit.version = conversion.version;
    credit.definitionsVersion = conversion.definitionsVersion;
    credit.model = model.label();
    credit.visitorId = conversion.visitorId;
    credit.sessionId =
        SessionRules.sessionId(conversion.tenant, conversion.visitorId, touch.startedAt);
    credit.touchedAt = touch.startedAt;
    credit.channel = touch.channel;
    credit.source = touch.source;
    credit.medium = touch.medium;
    credit.campaign = touch.campaign;
    credit.occurredAt = conversion.occurredAt;
    credit.creditNanos = nanos;
    credit.revenueCents = cents;
    credit.currency = conversion.currency;
    credit.bot = conversion.bot;
    return credit;
  }
}
