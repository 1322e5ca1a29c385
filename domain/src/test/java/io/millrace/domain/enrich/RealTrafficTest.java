package io.millrace.domain.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import io.millrace.domain.url.WebUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with answers that an independent program computed from real access logs. */
class RealTrafficTest {
  private static final long GAP_MS = 30 * 60 * 1000L;

  /** Own hosts as the sets' descriptions give them. */
  private static final OwnHosts OWN_HOSTS =
      OwnHosts.of(
          Map.of(
              "blog-2016",
              Set.of("sparkdeveloper.com", "agilemobiledeveloper.com", "mongodbdev.com"),
              "shop-2019-a",
              Set.of("zanbil.ir", "znbl.ir", "www-zanbil-ir.cdn.ampproject.org"),
              "apache-2015",
              Set.of("semicomplete.com")));

  private record Expected(String entry, String exit, String channel) {}

  @ParameterizedTest
  @CsvSource({"blog-2016", "shop-2019-a", "apache-2015"})
  void agreesOnPathsAndOnNearlyAllChannels(String set) throws IOException {
    Map<String, Expected> expected = expectedSessions(set);
    EnrichmentRules rules = new EnrichmentRules(OWN_HOSTS);

    List<List<Event>> sessions = sessionize(enrichedEvents(set, rules));

    List<String> wrongPaths = new ArrayList<>();
    Map<String, Integer> otherChannels = new TreeMap<>();
    for (List<Event> session : sessions) {
      Event first = session.get(0);
      Expected answer = expected.get(first.visitorId + ' ' + first.occurredAt);
      List<String> paths =
          session.stream()
              .filter(event -> event.eventType.equals("page_view"))
              .map(event -> event.pagePath)
              .toList();
      String entry = paths.isEmpty() ? "" : paths.get(0);
      String exit = paths.isEmpty() ? "" : paths.get(paths.size() - 1);
      if (!entry.equals(answer.entry) || !exit.equals(answer.exit)) {
        wrongPaths.add(entry + " … " + exit + " instead of " + answer);
      }
      if (!first.channel.equals(answer.channel)) {
        String difference =
            answer.channel + " → " + first.channel + "  " + WebUrl.parse(first.referrer).host();
        otherChannels.merge(difference, 1, Integer::sum);
      }
    }
    int differing = otherChannels.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf("%s: %d of %d sessions differ%n", set, differing, sessions.size());
    otherChannels.forEach((what, count) -> System.out.printf("  %4d  %s%n", count, what));

    assertThat(sessions).hasSameSizeAs(expected.keySet());
    assertThat(wrongPaths).isEmpty();
    assertThat(differing).isLessThanOrEqualTo(sessions.size() / 100);
  }

  private static Map<String, Expected> expectedSessions(String set) throws IOException {
    List<String> lines = SharedData.lines(set + "/expected/sessions.csv.gz");
    List<String> header = SharedData.fields(lines.get(0));
    Map<String, Expected> sessions = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> row = SharedData.fields(line);
      sessions.put(
          row.get(header.indexOf("visitorId")) + ' ' + row.get(header.indexOf("start")),
          new Expected(
              row.get(header.indexOf("entry")),
              row.get(header.indexOf("exit")),
              row.get(header.indexOf("channel"))));
    }
    return sessions;
  }

  private static List<Event> enrichedEvents(String set, EnrichmentRules rules) throws IOException {
    List<Event> events = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode row : SharedData.rows(set + "/events.ndjson.gz")) {
      if (seen.add(row.get("eventId").asText())) {
        Event event = new Event();
        event.tenant = set;
        event.eventId = row.get("eventId").asText();
        event.eventType = row.get("eventType").asText();
        event.visitorId = row.get("visitorId").asText();
        event.occurredAt = row.get("timestamp").asLong();
        event.pageUrl = row.get("pageUrl").asText();
        event.referrer = row.get("referrer").asText();
        event.userAgent = row.get("userAgent").asText();
        rules.enrich(event);
        events.add(event);
      }
    }
    return events;
  }

  /** The sort is stable, so that events of one millisecond stay in order of arrival. */
  private static List<List<Event>> sessionize(List<Event> events) {
    Map<String, List<Event>> ofVisitor = new LinkedHashMap<>();
    for (Event event : events) {
      ofVisitor.computeIfAbsent(event.visitorId, visitor -> new ArrayList<>()).add(event);
    }
    List<List<Event>> sessions = new ArrayList<>();
    for (List<Event> visit : ofVisitor.values()) {
      visit.sort(Comparator.comparingLong(event -> event.occurredAt));
      Event previous = null;
      for (Event event : visit) {
        if (previous == null || event.occurredAt - previous.occurredAt > GAP_MS) {
          sessions.add(new ArrayList<>());
        }
        sessions.get(sessions.size() - 1).add(event);
        previous = event;
      }
    }
    return sessions;
  }
}
