package io.millrace.domain.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookielessVisitorsTest {
  private final TestClock clock = new TestClock("2026-03-02T12:00:00Z");
  private final RecordingSalts salts = new RecordingSalts();
  private final CookielessVisitors visitors = new CookielessVisitors(salts, clock, 1000);

  @Test
  void knowsAVisitorForTheWholeDay() throws Exception {
    String morning = visit("203.0.113.7");
    clock.moveTo("2026-03-02T23:59:59Z");

    assertThat(visit("203.0.113.7")).isEqualTo(morning).hasSize(22).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void tellsVisitorsApartByTenantAddressAgentAndSite() throws Exception {
    InetAddress address = InetAddress.getByName("203.0.113.7");
    Set<String> ids = new HashSet<>();

    ids.add(visitors.visitorId("acme", address, "agent", "a.example"));
    ids.add(visitors.visitorId("other", address, "agent", "a.example"));
    ids.add(visitors.visitorId("acme", address, "other", "a.example"));
    ids.add(visitors.visitorId("acme", address, null, "a.example"));
    ids.add(visitors.visitorId("acme", address, "agent", "b.example"));
    ids.add(visitors.visitorId("acme", address, "agenta.", "example"));
    ids.add(visit("203.0.113.8"));

    assertThat(ids).hasSize(7);
  }

  @Test
  void takesTheNetworkOfAnIpv6AddressSinceDevicesChangeTheRest() throws Exception {
    assertThat(visit("2001:db8:1:2::1")).isEqualTo(visit("2001:db8:1:2:ffff::9"));
    assertThat(visit("2001:db8:1:2::1")).isNotEqualTo(visit("2001:db8:1:3::1"));
  }

  @Test
  void knowsNobodyOnTheNextDay() throws Exception {
    String monday = visit("203.0.113.7");
    clock.moveTo("2026-03-03T12:00:00Z");

    assertThat(visit("203.0.113.7")).isNotEqualTo(monday);
  }

  @ParameterizedTest
  @CsvSource({
    "23:50:00, 00:10:00, true",
    "23:45:00, 00:15:00, true",
    "23:59:59, 00:29:59, true",
    "23:45:00, 00:15:01, false",
    "23:29:59, 00:00:00, false",
    "23:30:00, 00:00:00, true",
    "23:59:59, 00:30:00, false"
  })
  void letsAVisitSurviveMidnightUnlessItPausedForMoreThanHalfAnHour(
      String before, String after, boolean same) throws Exception {
    clock.moveTo("2026-03-02T" + before + "Z");
    String first = visit("203.0.113.7");
    clock.moveTo("2026-03-03T" + after + "Z");

    assertThat(visit("203.0.113.7").equals(first)).isEqualTo(same);
  }

  @Test
  void keepsTheIdOfAVisitThatGoesOnAfterTheOldSaltIsGone() throws Exception {
    clock.moveTo("2026-03-02T23:50:00Z");
    String first = visit("203.0.113.7");
    clock.moveTo("2026-03-03T00:10:00Z");
    visit("203.0.113.7");

    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofMinutes(30));
      assertThat(visit("203.0.113.7")).isEqualTo(first);
    }
    clock.advance(Duration.ofMinutes(31));
    String next = visit("203.0.113.7");

    assertThat(next).isNotEqualTo(first);
    assertThat(salts.days()).containsExactly(LocalDate.parse("2026-03-03"));
  }

  @Test
  void noIdLastsLongerThanTwoDays() throws Exception {
    clock.moveTo("2026-03-02T23:50:00Z");
    String first = visit("203.0.113.7");
    for (int i = 0; i < 24 * 3 + 2; i++) {
      clock.advance(Duration.ofMinutes(20));
      visit("203.0.113.7");
    }

    assertThat(visit("203.0.113.7")).isNotEqualTo(first);
  }

  @Test
  void destroysOldSaltsAfterTheOverlapAlsoWhenNobodyVisits() throws Exception {
    visit("203.0.113.7");
    clock.moveTo("2026-03-03T00:10:00Z");
    visitors.retire();
    Set<LocalDate> within = salts.days();
    clock.moveTo("2026-03-03T00:30:00Z");
    visitors.retire();

    assertThat(within)
        .containsExactly(LocalDate.parse("2026-03-02"), LocalDate.parse("2026-03-03"));
    assertThat(salts.days()).containsExactly(LocalDate.parse("2026-03-03"));
  }

  @Test
  void destroysSaltsThatAStoppedGatewayLeft() throws Exception {
    salts.findOrCreate(LocalDate.parse("2026-02-20"));

    visit("203.0.113.7");

    assertThat(salts.days()).containsExactly(LocalDate.parse("2026-03-02"));
  }

  @Test
  void knowsAVisitorAfterARestartWithTheSameSalts() throws Exception {
    String before = visit("203.0.113.7");
    CookielessVisitors restarted = new CookielessVisitors(salts, clock, 1000);

    assertThat(
            restarted.visitorId("acme", InetAddress.getByName("203.0.113.7"), "agent", "a.example"))
        .isEqualTo(before);
    assertThat(visitorOf(new CookielessVisitors(SaltStore.inMemory(), clock, 1000)))
        .isNotEqualTo(before);
  }

  @Test
  void remembersOnlySoManyVisitsAroundMidnight() throws Exception {
    CookielessVisitors small = new CookielessVisitors(salts, clock, 10);
    clock.moveTo("2026-03-02T23:50:00Z");
    Set<String> before = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      before.add(small.visitorId("acme", InetAddress.getByName("10.0.0." + i), "agent", ""));
    }
    clock.moveTo("2026-03-03T00:05:00Z");

    int continued = 0;
    for (int i = 0; i < 200; i++) {
      String id = small.visitorId("acme", InetAddress.getByName("10.0.0." + i), "agent", "");
      continued += before.contains(id) ? 1 : 0;
    }

    assertThat(continued).isBetween(1, 10);
  }

  private String visit(String address) throws UnknownHostException {
    return visitors.visitorId("acme", InetAddress.getByName(address), "agent", "a.example");
  }

  private static String visitorOf(CookielessVisitors some) throws UnknownHostException {
    return some.visitorId("acme", InetAddress.getByName("203.0.113.7"), "agent", "a.example");
  }

  /** Shows which days it has salts of. */
  private static final class RecordingSalts implements SaltStore {
    private final Map<LocalDate, byte[]> salts = new TreeMap<>();

    Set<LocalDate> days() {
      return Set.copyOf(salts.keySet()).stream()
          .sorted()
          .collect(java.util.stream.Collectors.toCollection(java.util.LinkedHashSet::new));
    }

    @Override
    public byte[] findOrCreate(LocalDate day) {
      return salts.computeIfAbsent(day, missing -> SaltStore.newSalt());
    }

    @Override
    public void destroyBefore(LocalDate day) {
      salts.keySet().removeIf(kept -> kept.isBefore(day));
    }
  }

  private static final class TestClock extends Clock {
    private Instant now;

    TestClock(String start) {
      moveTo(start);
    }

    void moveTo(String time) {
      now = Instant.parse(time);
    }

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
