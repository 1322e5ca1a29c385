package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.enrich.EnrichmentRules;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.RefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What traffic is made to mean is what the domain's rules read in it. */
class TrafficMeetsDomainTest {
  private static final Instant NOW = Instant.parse("2026-03-11T10:00:00Z");

  private final EventReader reader = new EventReader();

  @Test
  void demoEventsAreRefusedAndFlaggedAsPlanted() {
    DemoTraffic traffic = new DemoTraffic(42, 6_000, NOW);
    EnrichmentRules enrichment = new EnrichmentRules(OwnHosts.none());
    Map<String, Map<String, Long>> refused = new HashMap<>();
    Map<String, Long> botEvents = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (Iterator<Planned> all = traffic.iterator(); all.hasNext(); ) {
      Planned planned = all.next();
      try {
        Event event =
            reader.read(planned.event().json(), envelope(planned.tenant(), planned.historical()));
        if (seen.add(event.eventId)) {
          enrichment.enrich(event);
          botEvents.merge(event.tenant, event.bot ? 1L : 0, Long::sum);
        }
      } catch (RefusedException e) {
        refused
            .computeIfAbsent(planned.tenant(), t -> new TreeMap<>())
            .merge(e.refusal().code(), 1L, Long::sum);
      }
    }

    for (Planted planted : traffic.planted()) {
      assertThat(refused.get(planted.tenant())).isEqualTo(planted.refused());
      assertThat(botEvents.get(planted.tenant())).isEqualTo(planted.all().botEvents());
    }
  }

  @Test
  void visitsComeBackWithTheChannelTheyWereMadeWith() {
    EnrichmentRules enrichment = new EnrichmentRules(OwnHosts.none());
    DemoTraffic traffic = new DemoTraffic(42, 6_000, NOW);
    Map<String, Map<String, Long>> found = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (Iterator<Planned> all = traffic.iterator(); all.hasNext(); ) {
      Planned planned = all.next();
      try {
        Event event = reader.read(planned.event().json(), envelope(planned.tenant(), true));
        if (event.sequence == 0 && seen.add(event.eventId)) {
          enrichment.enrich(event);
          found
              .computeIfAbsent(event.tenant, t -> new TreeMap<>())
              .merge(event.channel, 1L, Long::sum);
        }
      } catch (RefusedException e) {
        // Counted by the test above.
      }
    }

    for (Planted planted : traffic.planted()) {
      assertThat(found.get(planted.tenant())).isEqualTo(planted.all().sessionsByChannel());
    }
  }

  @Test
  void eventsOfARealLogAreTaken() throws Exception {
    List<String> refusals = new ArrayList<>();
    long events = 0;
    try (TrafficFile log =
        TrafficFile.open(SharedData.file("shop-2019-a/access.log.gz"), "https://shop.example")) {
      for (OutgoingEvent event = log.next(); event != null; event = log.next()) {
        events++;
        try {
          reader.read(event.json(), envelope("shop", true));
        } catch (RefusedException e) {
          refusals.add(e.getMessage());
        }
      }
      assertThat(log.counts().unreadable()).isZero();
    }

    assertThat(refusals).isEmpty();
    assertThat(events).isGreaterThan(5_000);
  }

  private static Envelope envelope(String tenant, boolean historical) {
    return new Envelope(
        tenant, NOW.toEpochMilli() + 130_000, null, historical, null, null, null, null, null);
  }
}
