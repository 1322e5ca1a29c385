package io.millrace.domain.metric;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricRulesTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "59999, 0", "60000, 60000", "-1, -60000", "-60000, -60000"})
  void startsAWindowAtAMultipleOfItsWidthAlsoBefore1970(long at, long startsAt) {
    assertThat(MetricRules.windowStart(at, MetricRules.MINUTE_MS)).isEqualTo(startsAt);
  }

  @ParameterizedTest
  @CsvSource({
    "page_view, 1, 0, 0",
    "affiliate_click, 0, 1, 0",
    "purchase, 0, 0, 1",
    "order_completed, 0, 0, 1",
    "scroll, 0, 0, 0"
  })
  void countsAnEventByItsType(String type, long pageViews, long clicks, long conversions) {
    Event event = event(type, "ann", t(0));
    event.revenueCents = 250L;
    event.engagementMs = 40;
    Measures sums = new Measures();

    MetricRules.add(sums, event);
    MetricRules.add(sums, event);

    assertThat(sums.events).isEqualTo(2);
    assertThat(sums.changes).isEqualTo(2);
    assertThat(sums.pageViews).isEqualTo(2 * pageViews);
    assertThat(sums.clicks).isEqualTo(2 * clicks);
    assertThat(sums.conversions).isEqualTo(2 * conversions);
    assertThat(sums.revenueCents).isEqualTo(500);
    assertThat(sums.engagementMs).isEqualTo(80);
  }

  @Test
  void takesBackExactlyWhatASessionAdded() {
    Session session =
        SessionRules.withGap(SessionRules.DEFAULT_GAP)
            .sessionize(List.of(pageView("ann", t(0)), event("click", "ann", t(3))))
            .get(0);
    Measures sums = new Measures();

    MetricRules.add(sums, session, 1);
    assertThat(sums.sessions).isEqualTo(1);
    assertThat(sums.bounces).isEqualTo(1);
    assertThat(sums.sessionMs).isEqualTo(180_000);
    MetricRules.add(sums, session, -1);

    Measures nothing = new Measures();
    nothing.changes = 2;
    assertThat(sums).usingRecursiveComparison().isEqualTo(nothing);
  }

  @Test
  void countsAVisitorOfTwoSumsOnce() {
    Measures sums = visitors("ann", "bob");

    sums.add(visitors("bob", "eve"));

    assertThat(VisitorSketch.estimate(sums.visitors)).isEqualTo(3);
  }

  @Test
  void cutsLongValuesAndNamesAbsentOnes() {
    Event event = pageView("ann", t(0), "/" + "x".repeat(600));

    assertThat(Grouping.PAGE.valueOf(event)).hasSize(512);
    assertThat(Grouping.COUNTRY.valueOf(event)).isEqualTo("(none)");
    assertThat(Grouping.EVENT_TYPE.valueOf(new Session())).isNull();
  }

  @Test
  void countsPlacesEntitiesAndVariantsOnlyWhereAnEventNamesThem() {
    Event event = pageView("ann", t(0), "/");
    event.country = "NZ";
    event.city = "Dunedin";
    event.entityType = "product";
    event.entityId = "kettle";
    event.ownerId = "o-1";
    event.experiment = "price";
    event.variant = "b";
    event.trafficCampaign = "spring";

    assertThat(Stream.of(Grouping.values()).filter(grouping -> !grouping.isComplete()))
        .extracting(grouping -> grouping.label() + '=' + grouping.valueOf(event))
        .containsExactly(
            "campaign=spring",
            "region=null",
            "city=NZ//Dunedin",
            "entity=product/kettle",
            "owner=o-1",
            "variant=price/b");
    assertThat(Stream.of(Grouping.values()).filter(Grouping::isComplete))
        .allSatisfy(grouping -> assertThat(grouping.valueOf(new Event())).isNotNull());
  }

  private static Measures visitors(String... names) {
    Measures sums = new Measures();
    long[] hashes = List.of(names).stream().mapToLong(SessionRules::hash).toArray();
    sums.visitors = VisitorSketch.add(null, hashes, hashes.length);
    return sums;
  }
}
