package io.millrace.standalone.traffic;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends good traffic the way bad networks do: some events twice, shuffled within a window, some
 * hours late. What is in the lake afterwards must be the same.
 *
 * <p>The arrival clock is the greatest event time seen so far. An event leaves when that clock
 * reaches its own arrival plus its delay; late ones leave when everything else has left.
 */
public final class Mangler {
  private static final long LONGEST_RETRY_MS = Duration.ofHours(1).toMillis();

  private final Options options;
  private final SplittableRandom random;
  private final PriorityQueue<Delayed> onTheWay = new PriorityQueue<>();
  private final Deque<OutgoingEvent> late = new ArrayDeque<>();
  private long arrivalClock = Long.MIN_VALUE;
  private long sequence;
  private long duplicates;
  private long lateEvents;
  private boolean ended;

  private record Delayed(long leavesAt, long sequence, OutgoingEvent event)
      implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      int byTime = Long.compare(leavesAt, other.leavesAt);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  /**
   * What to do to the traffic.
   *
   * @param duplicates share of events that are sent a second time, up to an hour of event time
   *     later
   * @param shuffle window within which the order is lost
   * @param late share of events that are sent after all others
   */
  public record Options(double duplicates, Duration shuffle, double late) {
    public static final Options NONE = new Options(0, Duration.ZERO, 0);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|min|h)");
    private static final String FORM =
        "; the form is duplicates=5%,shuffle=60s,late=1% (each part may be left out)";

    /** Reads {@code duplicates=5%,shuffle=60s,late=1%}. */
    public static Options parse(String text) {
      double duplicates = 0;
      Duration shuffle = Duration.ZERO;
      double late = 0;
      for (String part : text.split(",")) {
        String[] pair = part.trim().split("=", 2);
        String value = pair.length == 2 ? pair[1] : "";
        switch (pair[0]) {
          case "duplicates" -> duplicates = share(part, value);
          case "late" -> late = share(part, value);
          case "shuffle" -> shuffle = duration(part, value);
          default -> throw new IllegalArgumentException("Cannot read \"" + part + '"' + FORM);
        }
      }
      return new Options(duplicates, shuffle, late);
    }

    private static double share(String part, String value) {
      try {
        double percent =
            value.endsWith("%") ? Double.parseDouble(value.substring(0, value.length() - 1)) : -1;
        if (percent >= 0 && percent <= 100) {
          return percent / 100;
        }
      } catch (NumberFormatException e) {
        // said below, together with a percentage out of range
      }
      throw new IllegalArgumentException(
          "Cannot read \"" + part + "\": give a percentage from 0% to 100%" + FORM);
    }

    private static Duration duration(String part, String value) {
      Matcher matcher = DURATION.matcher(value.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "Cannot read \"" + part + "\": give a time in ms, s, min or h" + FORM);
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofMinutes(number);
      };
    }
  }

  public Mangler(Options options, long seed) {
    this.options = options;
    this.random = new SplittableRandom(seed);
  }

  /** Takes the next event of the good traffic. */
  public void add(OutgoingEvent event) {
    if (event.timestamp() != null) {
      arrivalClock = Math.max(arrivalClock, event.timestamp());
    }
    if (chance(options.late())) {
      lateEvents++;
      late.add(event);
      return;
    }
    long leavesAt = arrivalClock + upTo(options.shuffle().toMillis());
    onTheWay.add(new Delayed(leavesAt, sequence++, event));
    if (chance(options.duplicates())) {
      duplicates++;
      onTheWay.add(new Delayed(leavesAt + 1 + upTo(LONGEST_RETRY_MS), sequence++, event));
    }
  }

  /** Says that no event follows: everything leaves now. */
  public void end() {
    ended = true;
  }

  /** The next event to send, or null when there is none yet (or, after {@link #end}, no more). */
  public OutgoingEvent poll() {
    Delayed next = onTheWay.peek();
    if (next != null && (ended || next.leavesAt() <= arrivalClock)) {
      return onTheWay.poll().event();
    }
    return ended ? late.poll() : null;
  }

  /** Events sent a second time. */
  public long duplicates() {
    return duplicates;
  }

  /** Events held back to the end. */
  public long late() {
    return lateEvents;
  }

  private boolean chance(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  private long upTo(long bound) {
    return bound <= 0 ? 0 : random.nextLong(bound + 1);
  }
}
