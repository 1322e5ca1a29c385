package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.START;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.metric.Measures;
import io.millrace.jobs.kit.HotWrite;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HotMetricsTest {
  @Test
  void keepsAMinuteInAHashWithAFieldForEachValue() throws Exception {
    MetricRow row = new MetricRow();
    row.tenant = "acme";
    row.grouping = "country";
    row.value = "DE";
    row.windowStart = t(0);
    row.minute = true;
    row.sums = new Measures();
    row.sums.events = 3;
    row.sums.pageViews = 2;
    row.sums.sessionMs = 1_999;
    row.sums.changes = 7;

    HotWrite write = new HotMetrics().map(row);

    assertThat(write.key).isEqualTo("millrace:acme:metrics:1m:" + START + ":country");
    assertThat(write.field).isEqualTo("human:DE");
    assertThat(write.version).isEqualTo(7);
    assertThat(write.expiresAt).isEqualTo(START + Duration.ofHours(48).toMillis());
    assertThat(write.index).isEqualTo("millrace:acme:top:1m:" + START + ":country:human");
    assertThat(write.member).isEqualTo("human:DE");
    assertThat(write.score).isEqualTo(3);
    assertThat(write.keep).isEqualTo(200);
    assertThat(write.value)
        .isEqualTo(
            "{\"events\":3,\"page_views\":2,\"clicks\":0,\"visitors\":0,\"sessions\":0,"
                + "\"bounces\":0,\"session_seconds\":1,\"engagement_ms\":0,\"conversions\":0,"
                + "\"revenue_cents\":0}");
  }

  @Test
  void keepsAQuarterOfAnHourAsAMinute() throws Exception {
    MetricRow row = new MetricRow();
    row.tenant = "acme";
    row.grouping = "entity";
    row.value = "product/sku-1";
    row.windowStart = t(0);
    row.sums = new Measures();

    HotWrite write = new HotMetrics().map(row);

    assertThat(write.key).isEqualTo("millrace:acme:metrics:15m:" + START + ":entity");
    assertThat(write.index).isEqualTo("millrace:acme:top:15m:" + START + ":entity.product:human");
    assertThat(write.keep).isEqualTo(500);
  }

  @Test
  void keepsBotsInAFieldOfTheirOwn() throws Exception {
    MetricRow row = new MetricRow();
    row.tenant = "acme";
    row.grouping = "all";
    row.value = "all";
    row.bot = true;
    row.sums = new Measures();

    assertThat(new HotMetrics().map(row).field).isEqualTo("bot:all");
    assertThat(new HotMetrics().map(row).index).isNull();
  }

  @Test
  void saysWhatItsOptionsMayBe() {
    assertThatThrownBy(() -> MetricOptions.DEFAULT.withQuiet(Duration.ZERO))
        .hasMessage("metrics.quiet is PT0S; give a duration above 0, for example \"10 s\"");
    assertThatThrownBy(
            () ->
                new MetricOptions(
                    Duration.ofSeconds(10), Duration.ofSeconds(9), Duration.ofDays(7), 1))
        .hasMessage("metrics.patience is PT9S; give at least metrics.quiet (PT10S)");
    assertThatThrownBy(
            () ->
                new MetricOptions(
                    Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60), 1))
        .hasMessage("metrics.kept is PT1M; give a duration above metrics.patience (PT1M)");
    assertThatThrownBy(() -> MetricOptions.DEFAULT.withCacheBytes(0))
        .hasMessage("metrics.cache-bytes is 0; give a size above 0, for example 67108864");
  }
}
