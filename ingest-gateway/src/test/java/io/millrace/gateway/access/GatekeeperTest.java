package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.net.InetAddresses;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys web-key and app-key of acme, other-key of other; t.acme.example leads to web-key. */
class GatekeeperTest {
  private static final Instant HOUR_BEFORE_MIDNIGHT = Instant.parse("2026-01-01T23:00:00Z");
  private static final String ABUSER = "203.0.113.1";

  private final Map<String, WriteKey> keys = new HashMap<>();
  private long nanos = 1;
  private final Gatekeeper gate =
      new Gatekeeper(
          new WriteKeys() {
            @Override
            public Optional<WriteKey> find(String presented) {
              return Optional.ofNullable(keys.get(presented));
            }

            @Override
            public Optional<WriteKey> ofHost(String host) {
              return host.equals("t.acme.example") ? find("web-key") : Optional.empty();
            }
          },
          new AccessOptions(TrustedProxies.NONE, new Rate(1, 100)),
          new DailyQuota(),
          Clock.fixed(HOUR_BEFORE_MIDNIGHT, ZoneOffset.UTC),
          () -> nanos);

  GatekeeperTest() {
    keys.put("web-key", new WriteKey("acme", "web", false, false));
    keys.put("app-key", new WriteKey("acme", "app", false, false));
    keys.put("other-key", new WriteKey("other", "web", false, false));
  }

  @ParameterizedTest(name = "{0} at {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          authorization: Bearer web-key                              | /v1/collect              | acme/web
          authorization: bearer web-key                              | /v1/collect              | acme/web
          authorization: BEARER   web-key                            | /v1/collect              | acme/web
          x-write-key: web-key                                       | /v1/collect              | acme/web
          -                                                          | /v1/collect?key=web-key  | acme/web
          -                                                          | /v1/collect?key=%77eb-key | acme/web
          -                                                          | /v1/collect?a=b&key=app-key | acme/app
          x-write-key: other-key                                     | /v1/collect?key=web-key  | other/web
          authorization: Bearer app-key, x-write-key: other-key      | /v1/collect?key=web-key  | acme/app
          authorization: Basic d2ViOmtleQ==, x-write-key: web-key    | /v1/collect              | acme/web
          host: t.acme.example                                       | /v1/collect              | acme/web
          host: T.ACME.Example.:8443                                 | /v1/collect              | acme/web
          host: t.acme.example                                       | /v1/collect?key=app-key  | acme/app
          -                                                          | /v1/collect              | missing_write_key
          host: acme.example                                         | /v1/collect              | missing_write_key
          host: x.t.acme.example                                     | /v1/collect              | missing_write_key
          host: t.acme.example.evil.example                          | /v1/collect              | missing_write_key
          x-forwarded-host: t.acme.example                           | /v1/collect              | missing_write_key
          authorization: Basic d2ViOmtleQ==                          | /v1/collect              | missing_write_key
          authorization: Basic d2ViLWtleTo=                            | /v1/collect              | acme/web
          authorization: Basic ZDJWaUxXdGxlUT09, host: t.acme.example  | /v1/collect             | acme/web
          authorization: web-key                                     | /v1/collect              | missing_write_key
          authorization: Token web-key                               | /v1/collect              | missing_write_key
          authorization: Bearerweb-key                               | /v1/collect              | missing_write_key
          -                                                          | /v1/collect?KEY=web-key  | missing_write_key
          -                                                          | /v1/collect?write_key=web-key | missing_write_key
          x-api-key: web-key                                         | /v1/collect              | missing_write_key
          x-tenant-id: acme                                          | /v1/collect              | missing_write_key
          cookie: key=web-key                                        | /v1/collect              | missing_write_key
          authorization: Bearer revoked                              | /v1/collect              | unknown_write_key
          authorization: Bearer WEB-KEY                              | /v1/collect              | unknown_write_key
          authorization: Bearer web-key2                             | /v1/collect              | unknown_write_key
          authorization: Bearer web-ke                               | /v1/collect              | unknown_write_key
          authorization: Bearer web-key web-key                      | /v1/collect              | unknown_write_key
          authorization: Bearer "web-key"                            | /v1/collect              | unknown_write_key
          authorization: Bearer Bearer web-key                       | /v1/collect              | unknown_write_key
          authorization: 'Bearer '                                   | /v1/collect?key=web-key  | unknown_write_key
          x-write-key: ''                                            | /v1/collect?key=web-key  | unknown_write_key
          x-write-key: Bearer web-key                                | /v1/collect              | unknown_write_key
          authorization: Bearer x, x-write-key: web-key              | /v1/collect?key=web-key  | unknown_write_key
          authorization: Bearer x, host: t.acme.example              | /v1/collect              | unknown_write_key
          -                                                          | /v1/collect?key=         | unknown_write_key
          -                                                          | /v1/collect?key=WEB-KEY  | unknown_write_key
          -                                                          | /v1/collect?key=web-key%20 | unknown_write_key
          -                                                          | /v1/collect?key=*        | unknown_write_key
          -                                                          | /v1/collect?key=no&key=web-key | unknown_write_key
          """)
  void knowsWhoSends(String headers, String path, String expected) {
    ServiceRequestContext ctx = request(path, headers);

    String found;
    try {
      WriteKey key = gate.admit(ctx, ctx.request().headers()).key();
      found = key.tenant() + "/" + key.name();
    } catch (DeniedException e) {
      found = e.denial().code();
    }

    assertThat(found).isEqualTo(expected);
  }

  @Test
  void saysTheSameToEveryWrongKey() {
    assertThat(List.of("revoked", "WEB-KEY", "", "\u00e4", "x".repeat(8000)))
        .extracting(key -> denied("x-write-key: '" + key + "'").getMessage())
        .containsOnly("the write key is not known; it may have been withdrawn");
  }

  @Test
  void namesTheRateOfRequestsThatAKeyExceeds() throws Exception {
    limit("web-key", new Rate(10, 3), null, null);
    for (int i = 0; i < 3; i++) {
      admit("x-write-key: web-key");
    }

    ServiceRequestContext ctx = request("/v1/collect", "x-write-key: web-key");
    DeniedException denied = denied(ctx);

    assertThat(denied.denial()).isEqualTo(Denial.RATE_LIMITED);
    assertThat(denied)
        .hasMessage(
            "key web of tenant acme sends more requests than 10 per second (burst 3); send the"
                + " same again after 1 s");
    assertThat(header(ctx, "ratelimit-limit")).isEqualTo("3");
    assertThat(header(ctx, "ratelimit-remaining")).isEqualTo("0");
    assertThat(header(ctx, "ratelimit-reset")).isEqualTo("1");
    assertThat(header(ctx, "retry-after")).isEqualTo("1");
    nanos += 100_000_000;
    admit("x-write-key: web-key");
  }

  @Test
  void anotherWayToPresentAKeyIsNoWayAroundItsRate() throws Exception {
    limit("web-key", new Rate(1, 3), null, null);
    admit("x-write-key: web-key");
    admit("authorization: Bearer web-key");
    admit("host: t.acme.example");

    assertThat(denied("x-write-key: web-key").denial()).isEqualTo(Denial.RATE_LIMITED);
    assertThat(denied("authorization: bearer  web-key").denial()).isEqualTo(Denial.RATE_LIMITED);
    assertThat(denied("host: T.acme.example").denial()).isEqualTo(Denial.RATE_LIMITED);
    assertThat(denied(request("/v1/collect?key=web-key", null)).denial())
        .isEqualTo(Denial.RATE_LIMITED);
    assertThat(denied(request("/v1/collect?x=1&key=%77eb-key", null)).denial())
        .isEqualTo(Denial.RATE_LIMITED);
    assertThat(admit("x-write-key: other-key").key().tenant()).isEqualTo("other");
  }

  @Test
  void batchesCountByTheirEvents() throws Exception {
    limit("web-key", null, new Rate(100, 200), null);

    take("web-key", 150);
    take("web-key", 100);
    ServiceRequestContext ctx = request("/v1/collect", null);
    DeniedException denied = denied(ctx, "web-key", 1);

    assertThat(denied.denial()).isEqualTo(Denial.RATE_LIMITED);
    assertThat(denied)
        .hasMessage(
            "key web of tenant acme sends more events than 100 per second (burst 200); none of"
                + " these 1 is taken; send the same again after 1 s");
    assertThat(header(ctx, "ratelimit-limit")).isEqualTo("200");
    assertThat(header(ctx, "retry-after")).isEqualTo("1");
  }

  @Test
  void allKeysOfATenantShareItsQuotaAndWhatWasNotStoredDoesNotCount() throws Exception {
    limit("web-key", null, null, 100L);
    limit("app-key", null, null, 100L);
    take("web-key", 60);
    long at = take("app-key", 40);
    ServiceRequestContext ctx = request("/v1/collect", null);

    DeniedException denied = denied(ctx, "web-key", 5);

    assertThat(denied.denial()).isEqualTo(Denial.QUOTA_EXCEEDED);
    assertThat(denied)
        .hasMessage(
            "tenant acme may send 100 events per UTC day and has sent 100; none of these 5 is"
                + " taken; the next day begins in 3600 s");
    assertThat(header(ctx, "ratelimit-limit")).isEqualTo("100");
    assertThat(header(ctx, "ratelimit-remaining")).isEqualTo("0");
    assertThat(header(ctx, "ratelimit-reset")).isEqualTo("3600");
    assertThat(header(ctx, "retry-after")).isEqualTo("3600");
    gate.giveBack(keys.get("app-key"), 5, at);
    take("web-key", 5);
    take("other-key", 500);
  }

  @Test
  void anAnswerShowsTheFirstLimitThatApplies() throws Exception {
    limit("web-key", new Rate(1, 7), new Rate(100, 200), 1000L);
    ServiceRequestContext ctx = request("/v1/collect", "x-write-key: web-key");

    Gatekeeper.Admitted admitted = gate.admit(ctx, ctx.request().headers());
    gate.admitEvents(ctx, admitted.key(), 20);

    assertThat(header(ctx, "ratelimit-limit")).isEqualTo("7");
    assertThat(header(ctx, "ratelimit-remaining")).isEqualTo("6");
    assertThat(header(request("/v1/collect", "x-write-key: app-key"), "ratelimit-limit")).isNull();
  }

  @Test
  void anAddressThatSendsTooMuchIsTurnedAwayBeforeItUsesUpTheKey() throws Exception {
    limit("web-key", new Rate(1, 150), null, null);
    for (int i = 0; i < 100; i++) {
      admit("x-write-key: web-key");
    }

    ServiceRequestContext ctx = request("/v1/collect", "x-write-key: web-key");
    DeniedException denied = denied(ctx);

    assertThat(denied.denial()).isEqualTo(Denial.ADDRESS_RATE_LIMITED);
    assertThat(denied)
        .hasMessage(
            "address 203.0.113.1 sends more requests than 1 per second (burst 100); send the same"
                + " again after 1 s");
    assertThat(header(ctx, "ratelimit-limit")).isEqualTo("100");
    assertThat(header(ctx, "retry-after")).isEqualTo("1");
    assertThat(denied("x-write-key: other-key").denial()).isEqualTo(Denial.ADDRESS_RATE_LIMITED);
    assertThat(denied("x-write-key: wrong").denial()).isEqualTo(Denial.ADDRESS_RATE_LIMITED);
    assertThat(denied("x-forwarded-for: 1.2.3.4, x-write-key: web-key").denial())
        .isEqualTo(Denial.ADDRESS_RATE_LIMITED);
    ServiceRequestContext elsewhere = request("/v1/collect", "x-write-key: web-key", "203.0.113.2");
    gate.admit(elsewhere, elsewhere.request().headers());
    assertThat(header(elsewhere, "ratelimit-remaining")).isEqualTo("49");
  }

  @Test
  void guessingKeysIsLimitedByAddress() {
    for (int i = 0; i < 100; i++) {
      assertThat(denied("x-write-key: guess" + i).denial()).isEqualTo(Denial.UNKNOWN_WRITE_KEY);
    }

    assertThat(denied("x-write-key: guess").denial()).isEqualTo(Denial.ADDRESS_RATE_LIMITED);
  }

  @Test
  void aServerMaySendForManyFromOneAddress() throws Exception {
    keys.put("server-key", new WriteKey("acme", "server", false, true));
    keys.put("import-key", new WriteKey("acme", "import", true, false));

    for (int i = 0; i < 200; i++) {
      admit("x-write-key: server-key");
      admit("x-write-key: import-key");
    }
  }

  private void limit(String key, Rate requests, Rate events, Long quota) {
    TenantSettings settings = TenantSettings.DEFAULT;
    if (quota != null) {
      settings = settings.with("dailyEventQuota", quota.toString());
    }
    WriteKey known = keys.get(key);
    keys.put(
        key,
        new WriteKey(
            known.tenant(),
            known.name(),
            false,
            false,
            new KeyPolicy(Set.of(), AllowedOrigins.ALL, requests, events),
            settings));
  }

  private Gatekeeper.Admitted admit(String headers) throws DeniedException {
    ServiceRequestContext ctx = request("/v1/collect", headers);
    return gate.admit(ctx, ctx.request().headers());
  }

  private long take(String key, int events) throws DeniedException {
    return gate.admitEvents(request("/v1/collect", null), keys.get(key), events);
  }

  private DeniedException denied(String headers) {
    return denied(request("/v1/collect", headers));
  }

  private DeniedException denied(ServiceRequestContext ctx) {
    return catchThrowableOfType(
        DeniedException.class, () -> gate.admit(ctx, ctx.request().headers()));
  }

  private DeniedException denied(ServiceRequestContext ctx, String key, int events) {
    return catchThrowableOfType(
        DeniedException.class, () -> gate.admitEvents(ctx, keys.get(key), events));
  }

  private static String header(ServiceRequestContext ctx, String name) {
    return ctx.additionalResponseHeaders().get(name);
  }

  private static ServiceRequestContext request(String path, String headers) {
    return request(path, headers, ABUSER);
  }

  /** Headers are {@code name: value}, joined by a comma and a space. */
  private static ServiceRequestContext request(String path, String headers, String address) {
    RequestHeadersBuilder builder = RequestHeaders.builder(HttpMethod.POST, path);
    builder.authority("gateway.example");
    for (String header : headers == null ? new String[0] : headers.split(", ")) {
      String[] parts = header.split(": ", 2);
      String value = parts[1].replace("'", "");
      if (parts[0].equals("host")) {
        builder.authority(value);
      } else {
        builder.add(parts[0], value);
      }
    }
    return ServiceRequestContext.builder(HttpRequest.of(builder.build()))
        .remoteAddress(new InetSocketAddress(InetAddresses.forString(address), 4711))
        .build();
  }
}
