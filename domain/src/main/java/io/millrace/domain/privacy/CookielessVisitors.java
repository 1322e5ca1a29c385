package io.millrace.domain.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.io.BaseEncoding;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names visitors without anything stored in their browsers: a keyed hash of tenant, address, user
 * agent and site, with a salt that lives for one day (UTC). Thread-safe.
 *
 * <p>A visit survives midnight. In the last half hour of a day it is remembered which ids are in
 * use. In the first half hour of the next, a visitor is hashed with both salts; if the old id was
 * in use within 30 minutes, it stays, and a link from the new id to it lasts as long as the visit
 * does. After that half hour nobody needs the old salt, and it is destroyed: who was not linked by
 * then has been away for longer than a session's gap. No id lasts longer than two days.
 */
public final class CookielessVisitors {
  /** A session's gap; the overlap of two days' salts is as long. */
  static final Duration VISIT_GAP = Duration.ofMinutes(30);

  private static final int ID_BYTES = 16;
  private static final int IPV6_NETWORK_BYTES = 8;
  private static final String MAC = "HmacSHA256";

  private final SaltStore salts;
  private final Clock clock;

  /** Ids in use shortly before midnight. */
  private final Cache<String, Boolean> inUse;

  /** From today's ids to yesterday's, for visits that began yesterday. */
  private final Cache<String, String> continued;

  private volatile Day day;

  /**
   * @param maxVisits how many visits around midnight are remembered at most, about 150 bytes each;
   *     beyond it some begin anew
   */
  public CookielessVisitors(SaltStore salts, Clock clock, long maxVisits) {
    this.salts = salts;
    this.clock = clock;
    this.inUse = visits(maxVisits);
    this.continued = visits(maxVisits);
  }

  private record Day(LocalDate date, long startsAt, SecretKeySpec salt, SecretKeySpec previous) {}

  private <V> Cache<String, V> visits(long max) {
    return Caffeine.newBuilder()
        .maximumSize(max)
        // A gap of exactly 30 min does not end a visit.
        .expireAfterAccess(VISIT_GAP.plusMillis(1))
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .executor(Runnable::run)
        .build();
  }

  /**
   * The visitor's id, 22 letters that say nothing.
   *
   * @param address as the gateway sees it; of IPv6 the network (/64) counts, as devices change the
   *     rest by themselves
   * @param userAgent null when there is none
   * @param site registrable domain of the page, empty when it is not known
   */
  public String visitorId(String tenant, InetAddress address, String userAgent, String site) {
    long now = clock.millis();
    Day today = dayAt(now);
    byte[] who =
        (tenant + '\0' + (userAgent == null ? "" : userAgent) + '\0' + site).getBytes(UTF_8);
    byte[] where = network(address);
    String id = hash(today.salt, who, where);
    String known = continued.getIfPresent(id);
    if (known != null) {
      return known;
    }
    if (today.previous != null && now < today.startsAt + VISIT_GAP.toMillis()) {
      String before = hash(today.previous, who, where);
      if (inUse.getIfPresent(before) != null) {
        continued.put(id, before);
        return before;
      }
    }
    if (now >= today.startsAt + Duration.ofDays(1).minus(VISIT_GAP).toMillis()) {
      inUse.put(id, true);
    }
    return id;
  }

  /** Destroys what is no longer needed; to be called every minute or so. */
  public void retire() {
    dayAt(clock.millis());
  }

  private Day dayAt(long now) {
    Day current = day;
    if (current == null
        || now >= current.startsAt + Duration.ofDays(1).toMillis()
        || (current.previous != null && now >= current.startsAt + VISIT_GAP.toMillis())) {
      current = roll(now);
    }
    return current;
  }

  private synchronized Day roll(long now) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(now, Duration.ofDays(1).toMillis()));
    long startsAt = date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    boolean overlap = now < startsAt + VISIT_GAP.toMillis();
    Day before = day;
    if (before != null && before.date.equals(date)) {
      if (overlap || before.previous == null) {
        return before; // another thread was faster
      }
      day = new Day(date, startsAt, before.salt, null);
    } else {
      boolean yesterday = before != null && before.date.plusDays(1).equals(date);
      day =
          new Day(
              date,
              startsAt,
              new SecretKeySpec(salts.findOrCreate(date), MAC),
              overlap && yesterday ? before.salt : null);
    }
    // Another gateway may be a moment behind, so the store keeps yesterday's salt as long as we.
    salts.destroyBefore(overlap ? date.minusDays(1) : date);
    return day;
  }

  private static byte[] network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? bytes : Arrays.copyOf(bytes, IPV6_NETWORK_BYTES);
  }

  private static String hash(SecretKeySpec salt, byte[] who, byte[] where) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(salt);
      mac.update(who);
      mac.update((byte) 0);
      byte[] hash = mac.doFinal(where);
      return BaseEncoding.base64Url().omitPadding().encode(hash, 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + MAC, e);
    }
  }
}
