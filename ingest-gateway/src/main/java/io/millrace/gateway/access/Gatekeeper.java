package io.millrace.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.net.InetAddresses;
import com.google.common.primitives.Bytes;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.domain.event.EventText;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides who may send: by key, page, address, rate and quota.
 *
 * <p>Nothing here blocks, and no two keys share a lock: a limit costs a look-up in a concurrent map
 * and a compare-and-set.
 */
public final class Gatekeeper {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final AsciiString X_WRITE_KEY = AsciiString.cached("x-write-key");
  private static final AsciiString LIMIT = AsciiString.cached("ratelimit-limit");
  private static final AsciiString REMAINING = AsciiString.cached("ratelimit-remaining");
  private static final AsciiString RESET = AsciiString.cached("ratelimit-reset");

  private final WriteKeys keys;
  private final TrustedProxies proxies;
  private final AddressGuard addresses;
  private final DailyQuota quota;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Map<WriteKey.Id, Buckets> buckets = new ConcurrentHashMap<>();

  /** A sender who may send: its key, and the address it sends from. */
  public record Admitted(WriteKey key, InetAddress client) {}

  private record Buckets(TokenBucket requests, TokenBucket events) {}

  public Gatekeeper(WriteKeys keys, AccessOptions options, DailyQuota quota, Clock clock) {
    this(keys, options, quota, clock, System::nanoTime);
  }

  Gatekeeper(
      WriteKeys keys, AccessOptions options, DailyQuota quota, Clock clock, LongSupplier nanoTime) {
    this.keys = keys;
    this.proxies = options.proxies();
    this.addresses = new AddressGuard(options.perAddress());
    this.quota = quota;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Lets a request in by its headers, before its body is read. */
  public Admitted admit(ServiceRequestContext ctx, RequestHeaders headers) throws DeniedException {
    InetAddress client =
        proxies.client(((InetSocketAddress) ctx.remoteAddress()).getAddress(), headers);
    String presented = presented(ctx, headers);
    Optional<WriteKey> found =
        presented == null ? keys.ofHost(host(headers)) : keys.find(presented);
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    boolean foreign =
        origin != null && found.isPresent() && !found.get().policy().origins().allow(origin);
    if (origin != null) {
      Cors.varies(ctx);
      if (!foreign) {
        Cors.allow(ctx, origin);
      }
    }

    // The address first: else one abuser could use up a public key's rate for everybody.
    if (found.isEmpty() || !(found.get().serverSide() || found.get().historical())) {
      requireAddressRate(ctx, client);
    }
    if (found.isEmpty()) {
      throw presented == null ? missingKey() : unknownKey();
    }
    WriteKey key = found.get();
    if (foreign) {
      throw foreign(key, origin);
    }
    requireRequestRate(ctx, key);
    return new Admitted(key, client);
  }

  /**
   * Lets the events of an admitted request in, all or none.
   *
   * @return when they were taken from the quota, for {@link #giveBack}
   */
  public long admitEvents(ServiceRequestContext ctx, WriteKey key, int events)
      throws DeniedException {
    long waitNanos = takeFromRate(ctx, key, events);
    if (waitNanos > 0) {
      throw limited(
          ctx,
          Denial.RATE_LIMITED,
          waitNanos,
          key.id()
              + " sends more events than "
              + key.policy().events()
              + "; none of these "
              + events
              + " is taken");
    }
    return takeFromQuota(ctx, key, events);
  }

  /** The same for a sender that has time: waits until the key's rate allows the events. */
  public long awaitEvents(ServiceRequestContext ctx, WriteKey key, int events)
      throws DeniedException, InterruptedException {
    long waitNanos;
    while ((waitNanos = takeFromRate(ctx, key, events)) > 0) {
      // A bucket fills by time alone; others of the key may have been faster, so it is asked again.
      TimeUnit.NANOSECONDS.sleep(waitNanos);
    }
    return takeFromQuota(ctx, key, events);
  }

  /** Takes the events from the key's rate, or none, and says after how many ns to ask again. */
  private long takeFromRate(ServiceRequestContext ctx, WriteKey key, int events) {
    Rate rate = key.policy().events();
    if (rate == null || events == 0) {
      return 0;
    }
    TokenBucket bucket = bucketsOf(key).events();
    long now = nanoTime.getAsLong();
    long left = bucket.take(events, rate, now);
    show(ctx, rate.burst(), left, bucket.secondsToFull(now), key.policy().requests() == null);
    return Math.max(0, -left);
  }

  private long takeFromQuota(ServiceRequestContext ctx, WriteKey key, int events)
      throws DeniedException {
    long now = clock.millis();
    Long perDay = key.settings().dailyEventQuota();
    long left = quota.take(key.tenant(), perDay, events, now);
    if (perDay != null) {
      long seconds = secondsUp(DailyQuota.millisToNextDay(now));
      boolean first = key.policy().requests() == null && key.policy().events() == null;
      show(ctx, perDay, left, seconds, first);
      if (left < 0) {
        throw overQuota(ctx, key, perDay, events, now, seconds);
      }
    }
    return now;
  }

  /** Events that were admitted and then not stored do not count. */
  public void giveBack(WriteKey key, int events, long takenAtMillis) {
    quota.giveBack(key.tenant(), events, takenAtMillis);
  }

  /** Whether a browser asks, with {@code OPTIONS}, if a page may send. */
  public boolean isPreflight(RequestHeaders headers) {
    return headers.contains(HttpHeaderNames.ORIGIN)
        && headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
  }

  /**
   * Answers a browser that asks before it sends. It asks without the headers, so without the key,
   * unless that is in the query; then the answer is the key's, else it is yes, and the request
   * itself is judged.
   */
  public HttpResponse preflight(ServiceRequestContext ctx, RequestHeaders headers)
      throws DeniedException {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    Cors.varies(ctx);
    String presented = ctx.queryParam("key");
    if (presented != null) {
      WriteKey key = keys.find(presented).orElseThrow(Gatekeeper::unknownKey);
      if (!key.policy().origins().allow(origin)) {
        throw foreign(key, origin);
      }
    }
    return Cors.mayAsk(origin);
  }

  /** The key in the request, or null when there is none. */
  private String presented(ServiceRequestContext ctx, RequestHeaders headers) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).trim();
    }
    String header = headers.get(X_WRITE_KEY);
    if (header != null) {
      return header;
    }
    String query = ctx.queryParam("key");
    if (query != null) {
      return query;
    }
    // Browsers and proxies add such credentials on their own, so only a known key counts as one.
    String user = userName(authorization);
    return user != null && keys.find(user).isPresent() ? user : null;
  }

  /** Senders of the Segment protocol give the key as a user name; null when there is none. */
  private static String userName(String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).trim());
      int colon = Bytes.indexOf(pair, (byte) ':');
      return colon < 1 ? null : new String(pair, 0, colon, UTF_8);
    } catch (IllegalArgumentException e) {
      return null; // another scheme's credentials; there may be a tracking domain
    }
  }

  /** The host that the sender called, as a tracking domain is written down. */
  private static String host(RequestHeaders headers) {
    String authority = headers.authority();
    if (authority == null) {
      return "";
    }
    int colon = authority.lastIndexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private void requireAddressRate(ServiceRequestContext ctx, InetAddress client)
      throws DeniedException {
    long left = addresses.take(client, nanoTime.getAsLong());
    if (left < 0) {
      show(ctx, addresses.rate().burst(), left, TokenBucket.secondsUp(-left), true);
      throw limited(
          ctx,
          Denial.ADDRESS_RATE_LIMITED,
          -left,
          "address "
              + InetAddresses.toAddrString(client)
              + " sends more requests than "
              + addresses.rate());
    }
  }

  private void requireRequestRate(ServiceRequestContext ctx, WriteKey key) throws DeniedException {
    Rate rate = key.policy().requests();
    if (rate != null) {
      TokenBucket bucket = bucketsOf(key).requests();
      long now = nanoTime.getAsLong();
      long left = bucket.take(1, rate, now);
      show(ctx, rate.burst(), left, bucket.secondsToFull(now), true);
      if (left < 0) {
        throw limited(
            ctx, Denial.RATE_LIMITED, -left, key.id() + " sends more requests than " + rate);
      }
    }
  }

  private Buckets bucketsOf(WriteKey key) {
    WriteKey.Id id = key.id();
    Buckets known = buckets.get(id);
    if (known != null) {
      return known;
    }
    long now = nanoTime.getAsLong();
    return buckets.computeIfAbsent(
        id, unknown -> new Buckets(new TokenBucket(now), new TokenBucket(now)));
  }

  /** One limit an answer: the first that applies, or the one that was hit. */
  private static void show(
      ServiceRequestContext ctx, long limit, long left, long resetSeconds, boolean first) {
    if (first || left < 0) {
      ctx.setAdditionalResponseHeader(LIMIT, limit);
      ctx.setAdditionalResponseHeader(REMAINING, Math.max(0, left));
      ctx.setAdditionalResponseHeader(RESET, resetSeconds);
    }
  }

  private static DeniedException limited(
      ServiceRequestContext ctx, Denial denial, long waitNanos, String detail) {
    long seconds = TokenBucket.secondsUp(waitNanos);
    ctx.setAdditionalResponseHeader(HttpHeaderNames.RETRY_AFTER, seconds);
    return new DeniedException(denial, detail + "; send the same again after " + seconds + " s");
  }

  private DeniedException overQuota(
      ServiceRequestContext ctx, WriteKey key, long perDay, int events, long now, long seconds) {
    ctx.setAdditionalResponseHeader(HttpHeaderNames.RETRY_AFTER, seconds);
    return new DeniedException(
        Denial.QUOTA_EXCEEDED,
        "tenant "
            + key.tenant()
            + " may send "
            + perDay
            + " events per UTC day and has sent "
            + quota.used(key.tenant(), now)
            + "; none of these "
            + events
            + " is taken; the next day begins in "
            + seconds
            + " s");
  }

  private static DeniedException missingKey() {
    return new DeniedException(
        Denial.MISSING_WRITE_KEY,
        "no write key is given; send it as Authorization: Bearer, X-Write-Key or ?key=");
  }

  private static DeniedException unknownKey() {
    return new DeniedException(
        Denial.UNKNOWN_WRITE_KEY, "the write key is not known; it may have been withdrawn");
  }

  private static DeniedException foreign(WriteKey key, String origin) {
    return new DeniedException(
        Denial.ORIGIN_NOT_ALLOWED,
        "pages of "
            + EventText.shown(origin)
            + " may not use "
            + key.id()
            + "; allowed are "
            + key.policy().origins());
  }

  private static long secondsUp(long millis) {
    return (millis + 999) / 1000;
  }
}
