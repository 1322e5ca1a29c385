package io.millrace.jobs.sessions;

import static io.millrace.domain.event.TestEvents.START;
import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.session.SessionRules;
import io.millrace.jobs.kit.HotWrite;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotSessionsTest {
  @Test
  void keepsASessionUnderItsIdAndListsItByItsLastEvent() throws Exception {
    LiveSession live = live();

    HotWrite write = new HotSessions().map(live);

    String id = SessionRules.sessionId("acme", "ann", START);
    assertThat(write.key).isEqualTo("millrace:acme:session:" + id);
    assertThat(write.field).isNull();
    assertThat(write.version).isEqualTo(5);
    assertThat(write.expiresAt).isEqualTo(t(1) + Duration.ofHours(48).toMillis());
    assertThat(write.index).isEqualTo("millrace:acme:sessions");
    assertThat(write.member).isEqualTo(id);
    assertThat(write.score).isEqualTo(t(1));
    assertThat(write.value)
        .isEqualTo(
            "{\"session_id\":\""
                + id
                + "\",\"visitor_id\":\"ann\",\"started_at\":"
                + START
                + ",\"ended_at\":"
                + t(1)
                + ",\"duration_ms\":60000,\"closed\":true,\"events\":2,\"page_views\":2,"
                + "\"distinct_pages\":2,\"bounce\":false,\"entry_page\":\"/a\","
                + "\"exit_page\":\"/b\",\"channel\":\"direct\",\"source\":null,\"medium\":null,"
                + "\"campaign\":null,\"device_type\":null,\"browser\":null,\"os\":null,"
                + "\"country\":null,\"bot\":false,\"conversions\":0,\"revenue_cents\":0}");
  }

  @Test
  void givesAWithdrawnSessionNoValue() throws Exception {
    LiveSession live = live();
    live.withdrawn = true;
    live.version = Long.MAX_VALUE;

    HotWrite write = new HotSessions().map(live);

    assertThat(write.value).isNull();
    assertThat(write.version).isEqualTo(Long.MAX_VALUE);
    assertThat(write.member).isNotNull();
  }

  @Test
  void saysWhatItsOptionsMayBe() {
    assertThatThrownBy(() -> SessionOptions.DEFAULT.withQuiet(Duration.ZERO))
        .hasMessage("sessions.quiet is PT0S; give a duration above 0, for example \"10 s\"");
    assertThatThrownBy(() -> SessionOptions.DEFAULT.withKept(Duration.ofSeconds(10)))
        .hasMessage("sessions.kept is PT10S; give a duration above sessions.quiet (PT10S)");
    assertThatThrownBy(() -> SessionOptions.DEFAULT.withCacheBytes(0))
        .hasMessage("sessions.cache-bytes is 0; give a size above 0, for example 67108864");
  }

  private static LiveSession live() {
    LiveSession live = new LiveSession();
    live.session =
        SessionOptions.DEFAULT
            .rules()
            .sessionize(List.of(pageView("ann", t(0), "/a"), pageView("ann", t(1), "/b")))
            .get(0);
    live.closed = true;
    live.version = 5;
    return live;
  }
}
