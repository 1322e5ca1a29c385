package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;
import io.millrace.jobs.anomalies.score.LocalSlots.DayType;
import java.util.Arrays;

/**
 * What a series has been at this time of day and week, times (or plus) its present level.
 *
 * <p>Keeps the mean of every slot of four weeks. Five views of them foretell a slot: the mean of
 * the last day; the same slot of the last seven days; of the last eight days of this kind (workday,
 * weekend), alone and smoothed with its neighbours; and of this weekday in four weeks; each a mean
 * without its extremes. They are weighed by how well each foretold the past days (to the sixth
 * power, so the best one nearly decides), which finds out by itself whether a series has a daily
 * season, a weekly one or none. While an anomaly lasts, slots keep what was expected instead.
 */
final class SeasonProfile {
  private static final int VIEWS = 5;
  private static final int WEEKS = 4;
  private static final int LIKE_DAYS = 8;
  private static final long LEFT_DAYS = 14;
  private static final double LEAST_FACTOR = 0.2;
  private static final double LARGEST_FACTOR = 5;
  private static final double HOLIDAY_LEAST = 0.4;

  private final LocalSlots slots;
  private final SeriesType type;
  private final int perDay;
  private final float[] ring;
  private final double[] errors = new double[VIEWS];
  private long current = Long.MIN_VALUE;
  private double slotSum;
  private int slotCount;
  private double meanOfDay;
  private double levelOf;
  private double levelBase;
  private double weekOf;
  private double weekBase;
  private double leftLevel = Double.NaN;
  private long leftUntil;

  // Views of one slot; made anew when the slot changes.
  private final double[] views = new double[VIEWS];
  private final double[] found = new double[LocalSlots.PROFILE_DAYS];
  private long viewed = Long.MIN_VALUE;

  SeasonProfile(LocalSlots slots, SeriesType type) {
    this.slots = slots;
    this.type = type;
    this.perDay = slots.perDay();
    this.ring = new float[LocalSlots.PROFILE_DAYS * perDay];
    Arrays.fill(ring, Float.NaN);
    Arrays.fill(errors, -1);
  }

  /** Goes to the slot of a point; nothing happens when time steps back. */
  void moveTo(long slot, double firstValue) {
    if (current == Long.MIN_VALUE) {
      current = slot;
      meanOfDay = firstValue;
    }
    if (slot <= current) {
      return;
    }
    ring[place(current)] = slotCount > 0 ? (float) (slotSum / slotCount) : Float.NaN;
    long passed = Math.min(slot - current, ring.length);
    for (long i = 1; i < passed; i++) {
      ring[place(current + i)] = Float.NaN;
    }
    current = slot;
    slotSum = 0;
    slotCount = 0;
  }

  /** What the season gives, before the level. */
  double base(long slot) {
    view(slot);
    double weights = 0;
    double sum = 0;
    for (int i = 0; i < VIEWS; i++) {
      double error = errors[i] < 0 && i == 0 ? 1e3 : errors[i];
      if (Double.isNaN(views[i]) || error < 0) {
        continue;
      }
      double weight = Math.pow(error + 1e-12, -6);
      weights += weight;
      sum += weight * views[i];
    }
    return weights > 0 ? sum / weights : meanOfDay;
  }

  /** The base on the present level. */
  double level(double base) {
    return on(level(), base);
  }

  private double on(double level, double base) {
    return type.multiplies() ? Math.max(0, base * level) : base + level;
  }

  /** A factor, or what is added. */
  private double level() {
    return level(levelOf, levelBase);
  }

  private double level(double of, double ofBase) {
    if (!type.multiplies()) {
      return ofBase > 0 ? of / ofBase : 0;
    }
    if (ofBase == 0) {
      return 1;
    }
    double some = 0.1 * Math.abs(meanOfDay) + 1e-9;
    double factor = (of + some) / (ofBase + some);
    return Math.max(LEAST_FACTOR, Math.min(LARGEST_FACTOR, factor));
  }

  /**
   * What this weekday of the last four weeks gives, on their level. It is a week behind at least,
   * so a leak that the other views follow day by day stands out against it.
   */
  double ofWeeks(double expected) {
    double week = views[WEEKS];
    return Double.isNaN(week) || weekBase == 0 ? expected : on(level(weekOf, weekBase), week);
  }

  /**
   * The value nearest to {@code value} that is nothing new at this time of the week: between what
   * is expected and what was here in the last four weeks, or on the level that an event left; on a
   * holiday also between a poor one and any day of the last week.
   */
  double nearest(long slot, double base, double expected, double value) {
    double low = expected;
    double high = expected;
    double level = level();
    if (!Double.isNaN(leftLevel) && slot < leftUntil) {
      double back = on(leftLevel, base);
      low = Math.min(low, back);
      high = Math.max(high, back);
    }
    for (int days = 7; days < LocalSlots.PROFILE_DAYS; days += 7) {
      float before = at(slot - (long) days * perDay);
      if (!Float.isNaN(before)) {
        double here = on(level, before);
        low = Math.min(low, here);
        high = Math.max(high, here);
      }
    }
    if (slots.holiday(slot)) {
      for (int days = 1; days <= 7; days++) {
        float before = at(slot - (long) days * perDay);
        if (!Float.isNaN(before)) {
          double here = on(level, before);
          low = Math.min(low, type.multiplies() ? HOLIDAY_LEAST * here : here);
          high = Math.max(high, here);
        }
      }
    }
    return Math.max(low, Math.min(high, value));
  }

  /** Learns how well each view foretold a value, given on the scale of even noise. */
  void learnErrors(double even, double share, double leastSpread) {
    double level = level();
    for (int i = 0; i < VIEWS; i++) {
      if (Double.isNaN(views[i])) {
        continue;
      }
      double error = Math.abs(even - type.even(on(level, views[i])));
      if (errors[i] > 0) {
        error = Math.min(error, 5 * errors[i] + leastSpread);
      }
      errors[i] = errors[i] < 0 ? error * 1.5 + 1e-9 : errors[i] + (error - errors[i]) * share;
    }
  }

  /** Moves the level by a value in which noise was cut. */
  void learnLevel(double cut, double base, double share) {
    levelOf += (type.multiplies() ? cut - levelOf : cut - base - levelOf) * share;
    levelBase += ((type.multiplies() ? Math.max(base, 1e-9) : 1) - levelBase) * share;
    double week = views[WEEKS];
    if (!Double.isNaN(week)) {
      weekOf += (type.multiplies() ? cut - weekOf : cut - week - weekOf) * share;
      weekBase += ((type.multiplies() ? Math.max(week, 1e-9) : 1) - weekBase) * share;
    }
  }

  /** Takes the level that a long event had. */
  void acceptLevel(double sum, double baseSum) {
    if (baseSum > 0) {
      leftLevel = level();
      leftUntil = current + LEFT_DAYS * perDay;
      levelBase = Math.max(levelBase, 1e-9);
      levelOf = levelBase * sum / baseSum;
    }
  }

  void learnSlot(long slot, double value, double cut, double dayShare) {
    if (slot == current) {
      slotSum += value;
      slotCount++;
    }
    meanOfDay += (cut - meanOfDay) * dayShare;
  }

  private void view(long slot) {
    if (slot == viewed) {
      return;
    }
    viewed = slot;
    DayType today = slots.type(slots.day(slot));
    views[0] = meanOfDay;
    views[1] = sameSlot(slot, 1, 7);
    views[2] = likeDays(slot, today, 0);
    views[3] = likeDays(slot, today, 2);
    views[WEEKS] = sameWeekday(slot, today);
  }

  private double sameSlot(long slot, int step, int days) {
    int count = 0;
    for (int back = step; back <= days; back += step) {
      count = take(count, at(slot - (long) back * perDay));
    }
    return withoutExtremes(count);
  }

  private double likeDays(long slot, DayType today, int neighbours) {
    long day = slots.day(slot);
    int count = 0;
    for (int back = 1; back < LocalSlots.PROFILE_DAYS && count < LIKE_DAYS; back++) {
      DayType then = slots.type(day - back);
      boolean alike = then == today || (today == DayType.HOLIDAY && then == DayType.WEEKEND);
      if (alike) {
        count = take(count, around(slot - (long) back * perDay, neighbours));
      }
    }
    return withoutExtremes(count);
  }

  private double sameWeekday(long slot, DayType today) {
    long day = slots.day(slot);
    int count = 0;
    for (int back = 7; back < LocalSlots.PROFILE_DAYS; back += 7) {
      boolean holidayThen = slots.type(day - back) == DayType.HOLIDAY;
      if (holidayThen == (today == DayType.HOLIDAY)) {
        count = take(count, at(slot - (long) back * perDay));
      }
    }
    return withoutExtremes(count);
  }

  private int take(int count, double value) {
    if (Double.isNaN(value)) {
      return count;
    }
    found[count] = value;
    return count + 1;
  }

  private double around(long slot, int neighbours) {
    double sum = 0;
    int count = 0;
    for (int i = -neighbours; i <= neighbours; i++) {
      float value = at(slot + i);
      if (!Float.isNaN(value)) {
        sum += value;
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  private double withoutExtremes(int count) {
    if (count == 0) {
      return Double.NaN;
    }
    Arrays.sort(found, 0, count);
    int cut = count >= 7 ? 2 : count >= 3 ? 1 : 0;
    double sum = 0;
    for (int i = cut; i < count - cut; i++) {
      sum += found[i];
    }
    return sum / (count - 2 * cut);
  }

  private float at(long slot) {
    return slot >= current || slot <= current - ring.length ? Float.NaN : ring[place(slot)];
  }

  private int place(long slot) {
    return (int) Math.floorMod(slot, (long) ring.length);
  }

  void write(StateWriter out) {
    out.put(ring).put(errors).put(current).put(slotSum).put(slotCount);
    out.put(meanOfDay).put(levelOf).put(levelBase).put(viewed).put(views);
    out.put(leftLevel).put(leftUntil).put(weekOf).put(weekBase);
  }

  void read(StateReader in) {
    in.next(ring);
    in.next(errors);
    current = in.nextLong();
    slotSum = in.nextDouble();
    slotCount = in.nextInt();
    meanOfDay = in.nextDouble();
    levelOf = in.nextDouble();
    levelBase = in.nextDouble();
    viewed = in.nextLong();
    in.next(views);
    leftLevel = in.nextDouble();
    leftUntil = in.nextLong();
    weekOf = in.nextDouble();
    weekBase = in.nextDouble();
  }
}
