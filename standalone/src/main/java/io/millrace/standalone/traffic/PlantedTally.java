package io.millrace.standalone.traffic;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Adds up visits as they are planted: one visit is one session, so there is nothing to compute. */
final class PlantedTally {
  private final Set<String> visitors = new HashSet<>();
  private final Set<String> botVisitors = new HashSet<>();
  private final TreeMap<String, Long> channels = new TreeMap<>();
  private final TreeMap<String, Long> pages = new TreeMap<>();
  private long events;
  private long sessions;
  private long pageViews;
  private long bounces;
  private long conversions;
  private long revenueCents;
  private long botSessions;
  private long botEvents;
  private long productEvents;

  void add(DemoVisit visit, DemoVisitor visitor) {
    List<DemoVisit.Step> steps = visit.steps();
    long views = 0;
    for (DemoVisit.Step step : steps) {
      productEvents += step.entityId() == null ? 0 : 1;
      if (step.type().equals("page_view")) {
        views++;
        pages.merge(step.path(), 1L, Long::sum);
      } else if (step.type().equals("purchase")) {
        conversions++;
        revenueCents += step.revenueCents();
      }
    }
    visitors.add(visitor.id());
    sessions++;
    events += steps.size();
    pageViews += views;
    bounces += views == 1 ? 1 : 0;
    channels.merge(visit.channel().channelName(), 1L, Long::sum);
    if (visitor.bot()) {
      botVisitors.add(visitor.id());
      botSessions++;
      botEvents += steps.size();
    }
  }

  Planted.Answers answers() {
    Map.Entry<String, Long> top =
        pages.entrySet().stream()
            .max(Comparator.comparingLong(Map.Entry::getValue))
            .orElse(Map.entry("", 0L));
    return new Planted.Answers(
        events,
        visitors.size(),
        sessions,
        pageViews,
        bounces,
        conversions,
        revenueCents,
        new TreeMap<>(channels),
        pages.isEmpty() ? null : top.getKey(),
        top.getValue(),
        botVisitors.size(),
        botSessions,
        botEvents,
        productEvents);
  }
}
