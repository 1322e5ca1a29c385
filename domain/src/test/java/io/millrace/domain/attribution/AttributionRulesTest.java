package io.millrace.domain.attribution;

import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.goal.Conversion;
import io.millrace.domain.goal.ConversionRules;
import io.millrace.domain.goal.Touch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributionRulesTest {
  private static final long DAY = Duration.ofDays(1).toMinutes();
  private static final AttributionRules RULES = AttributionRules.DEFAULT;

  /** Touches as channel@day, the conversion in the last of them, credits in touch order. */
  @ParameterizedTest(name = "{0} by {1} gives {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "search@0                            | first           | 1.0",
        "search@0                            | position_based  | 1.0",
        "search@0                            | time_decay      | 1.0",
        "search@0 direct@1                   | first           | 1.0 0.0",
        "search@0 direct@1                   | last            | 0.0 1.0",
        "search@0 direct@1                   | last_non_direct | 1.0 0.0",
        "direct@0 direct@1                   | last_non_direct | 0.0 1.0",
        "search@0 social@1 direct@2          | last_non_direct | 0.0 1.0 0.0",
        "search@0 direct@1                   | linear          | 0.5 0.5",
        "search@0 direct@1                   | position_based  | 0.5 0.5",
        "a@0 b@1 c@2                         | position_based  | 0.4 0.2 0.4",
        "a@0 b@1 c@2 d@3                     | position_based  | 0.4 0.1 0.1 0.4",
        "a@0 b@1 c@2                         | linear          | 0.333333333 0.333333334 0.333333333",
        "a@0 b@7                             | time_decay      | 0.333333333 0.666666667",
        "a@0 b@7 c@14                        | time_decay      | 0.142857143 0.285714286 0.571428571",
        "a@0 b@90                            | first           | 1.0 0.0",
        "a@0 b@91                            | first           | 0.0 1.0",
        "a@0 b@91                            | linear          | 0.0 1.0",
      })
  void dividesTheCreditAsTheModelSays(String touches, String model, String expected) {
    List<Touch> given = new ArrayList<>();
    for (String touch : touches.trim().split(" ")) {
      String[] parts = touch.split("@");
      given.add(touch(parts[0], t(Long.parseLong(parts[1]) * DAY)));
    }
    long convertedAt = given.get(given.size() - 1).startedAt;

    Map<Long, Long> credits = new TreeMap<>();
    given.forEach(touch -> credits.put(touch.startedAt, 0L));
    RULES.credits(conversion(convertedAt, 0), given).stream()
        .filter(credit -> credit.model.equals(model))
        .forEach(credit -> credits.put(credit.touchedAt, credit.creditNanos));

    assertThat(credits.values().stream().map(nanos -> nanos / 1e9).toList())
        .isEqualTo(List.of(expected.trim().split(" ")).stream().map(Double::valueOf).toList());
  }

  @Test
  void leavesOutSessionsThatBeganAfterTheConversion() {
    List<Touch> touches = List.of(touch("search", t(0)), touch("social", t(100)));

    List<Credit> credits = RULES.credits(conversion(t(0), 0), touches);

    assertThat(credits).hasSize(6).allMatch(credit -> credit.channel.equals("search"));
  }

  @Test
  void countsTheSessionOfTheConversionHoweverLongAgoItBegan() {
    Touch endless = touch("search", t(0));
    endless.endedAt = t(200 * DAY);

    List<Credit> credits = RULES.credits(conversion(t(150 * DAY), 0), List.of(endless));

    assertThat(credits).hasSize(6).allMatch(credit -> credit.creditNanos == AttributionRules.WHOLE);
  }

  @Test
  void carriesVersionsAndTheSessionsTraffic() {
    Touch touch = touch("campaign", t(0));
    touch.source = "newsletter";
    touch.medium = "email";
    touch.campaign = "spring";

    Credit credit = RULES.credits(conversion(t(0), 999), List.of(touch)).get(0);

    assertThat(credit.version).isEqualTo("v1");
    assertThat(credit.definitionsVersion).isEqualTo("d1");
    assertThat(credit.source).isEqualTo("newsletter");
    assertThat(credit.medium).isEqualTo("email");
    assertThat(credit.campaign).isEqualTo("spring");
    assertThat(credit.revenueCents).isEqualTo(999);
  }

  @Property
  void givesExactlyOneConversionAndAllOfItsRevenueByEachModel(
      @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0, max = 120L * 24 * 60) Long> minutes,
      @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long cents) {
    List<Touch> touches =
        minutes.stream()
            .distinct()
            .sorted()
            .map(minute -> touch(minute % 3 == 0 ? "direct" : "channel" + minute, t(minute)))
            .toList();
    long convertedAt = touches.get(touches.size() - 1).startedAt;

    List<Credit> credits = RULES.credits(conversion(convertedAt, cents), touches);

    for (AttributionModel model : AttributionModel.values()) {
      List<Credit> ofModel =
          credits.stream().filter(credit -> credit.model.equals(model.label())).toList();
      assertThat(ofModel.stream().mapToLong(credit -> credit.creditNanos).sum())
          .isEqualTo(AttributionRules.WHOLE);
      assertThat(ofModel.stream().mapToLong(credit -> credit.revenueCents).sum()).isEqualTo(cents);
      assertThat(ofModel).allMatch(credit -> credit.creditNanos >= 0);
    }
  }

  @Property
  void dividesAWholeExactlyAndEachPartToLessThanOne(
      @ForAll @Size(min = 1, max = 80) List<@DoubleRange(min = 0.01, max = 1000) Double> weights,
      @ForAll @LongRange(min = 0, max = 1_000_000_000L) long whole) {
    double[] given = weights.stream().mapToDouble(Double::doubleValue).toArray();
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();

    long[] shares = AttributionRules.shares(given, whole);

    long total = 0;
    for (int i = 0; i < shares.length; i++) {
      assertThat(shares[i] - given[i] / sum * whole).isBetween(-1.001, 1.001);
      total += shares[i];
    }
    assertThat(total).isEqualTo(whole);
  }

  @Test
  void saysWhatLookbackAndHalfLifeMayBe() {
    assertThatThrownBy(() -> new AttributionRules(0, 1))
        .hasMessage("attribution.lookback is 0 ms; give a duration above 0, for example \"90 d\"");
    assertThatThrownBy(() -> new AttributionRules(1, -1))
        .hasMessage("attribution.half-life is -1 ms; give a duration above 0, for example \"7 d\"");
  }

  private static Touch touch(String channel, long at) {
    Touch touch = new Touch();
    touch.channel = channel;
    touch.startedAt = at;
    touch.endedAt = at;
    return touch;
  }

  private static Conversion conversion(long at, long cents) {
    Conversion conversion = new Conversion();
    conversion.tenant = "acme";
    conversion.visitorId = "ann";
    conversion.goal = "purchase";
    conversion.version = "v1";
    conversion.definitionsVersion = "d1";
    conversion.conversionId = ConversionRules.conversionId("acme", "purchase", "ann", "e1");
    conversion.occurredAt = at;
    conversion.revenueCents = cents;
    return conversion;
  }
}
