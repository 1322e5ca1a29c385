package io.millrace.domain.event;

import static io.millrace.domain.event.TestEvents.START;
import static io.millrace.domain.event.TestEvents.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Events of a few visitors of two tenants within some hours, many of them ties, in any order, some
 * delivered twice.
 */
public final class RandomEvents {
  private RandomEvents() {}

  /** As they are delivered; offsets of Kafka are in that order. */
  public static List<Event> deliveries(Random random) {
    int visitors = 1 + random.nextInt(4);
    int count = 1 + random.nextInt(60);
    // A coarse clock makes ties, and gaps of exactly 30 minutes.
    long tick = Duration.ofMinutes(random.nextBoolean() ? 5 : 1).toMillis();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          random.nextInt(8) == 0 && i > 0
              ? copy(events.get(random.nextInt(i)))
              : fresh(random, i, visitors, tick));
    }
    Collections.shuffle(events, random);
    for (int i = 0; i < events.size(); i++) {
      events.get(i).kafkaOffset = i;
    }
    return events;
  }

  private static Event fresh(Random random, int number, int visitors, long tick) {
    String type = List.of("page_view", "link_click", "purchase").get(random.nextInt(3));
    long at = START + random.nextInt(60) * tick;
    Event event = event(type, "v" + random.nextInt(visitors), at);
    event.tenant = "t" + random.nextInt(2);
    // Ids do not sort as events came about.
    event.eventId = "e" + random.nextInt(1_000) + '-' + number;
    event.sequence = random.nextInt(3) == 0 ? (long) random.nextInt(3) : null;
    event.pagePath = random.nextInt(4) == 0 ? null : "/" + random.nextInt(5);
    event.channel = "channel" + random.nextInt(3);
    event.country = random.nextBoolean() ? "DE" : null;
    event.bot = random.nextInt(6) == 0;
    event.revenueCents = type.equals("purchase") ? (long) random.nextInt(100) : null;
    event.engagementMs = random.nextInt(1_000);
    return event;
  }

  /** The same again: another delivery, or one for a reader that changes what it is given. */
  public static Event copy(Event of) {
    Event copy = event(of.eventType, of.visitorId, of.occurredAt);
    copy.tenant = of.tenant;
    copy.eventId = of.eventId;
    copy.sequence = of.sequence;
    copy.pagePath = of.pagePath;
    copy.channel = of.channel;
    copy.country = of.country;
    copy.bot = of.bot;
    copy.revenueCents = of.revenueCents;
    copy.engagementMs = of.engagementMs;
    copy.kafkaOffset = of.kafkaOffset;
    return copy;
  }
}
