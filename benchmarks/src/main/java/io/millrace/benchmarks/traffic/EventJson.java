package io.millrace.benchmarks.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.hash.Hashing;

/** Events of real shape as JSON, about 450 bytes each: the n-th is always the same. */
public final class EventJson {
  private static final String[] USER_AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        + " Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
        + " Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko)"
        + " Chrome/125.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  };
  private static final String[] REFERRERS = {
    "https://www.google.com/",
    "https://shop.example/category/kitchen",
    "https://www.facebook.com/",
    "https://news.ycombinator.com/item?id=40700000",
    "https://shop.example/",
  };
  private static final String[] TYPES = {
    "page_view", "page_view", "page_view", "click", "page_view", "scroll", "page_view", "purchase"
  };

  private EventJson() {}

  /** Name of a visitor. */
  public static String visitorId(int visitor) {
    return "v_" + Long.toHexString(0x5bd1_e995_0000_0000L + visitor);
  }

  /**
   * The n-th event.
   *
   * @param run told apart in the event ids, so that two runs do not repeat each other
   */
  public static byte[] event(long run, long n, int visitor, long atMs) {
    long mixed = Hashing.murmur3_128().hashLong(n).asLong();
    int choice = (int) (mixed >>> 33);
    String type = TYPES[choice % TYPES.length];
    int page = choice % 500;
    StringBuilder json = new StringBuilder(520);
    json.append("{\"eventId\":\"");
    appendHex(json, atMs, 12);
    json.append('-');
    appendHex(json, run, 4);
    json.append('-');
    appendHex(json, n, 16);
    json.append("\",\"eventType\":\"").append(type);
    json.append("\",\"timestamp\":").append(atMs);
    json.append(",\"visitorId\":\"").append(visitorId(visitor));
    json.append("\",\"pageUrl\":\"https://shop.example/category/").append(page % 20);
    json.append("/product/").append(page);
    if (page % 16 == 0) {
      json.append("?utm_source=newsletter&utm_medium=email&utm_campaign=spring-").append(page % 3);
    }
    json.append("\",\"pageTitle\":\"Product number ").append(page);
    json.append("\",\"referrer\":\"").append(REFERRERS[choice % REFERRERS.length]);
    json.append("\",\"userAgent\":\"").append(USER_AGENTS[visitor % USER_AGENTS.length]);
    json.append("\",\"screenResolution\":\"1920x1080\",\"viewport\":\"1280x720\"");
    if (type.equals("purchase")) {
      json.append(",\"revenueCents\":").append(100 + page).append(",\"currency\":\"EUR\"");
    }
    json.append(",\"properties\":{\"rank\":").append(choice % 50);
    json.append(",\"list\":\"recommended\"}}");
    return json.toString().getBytes(US_ASCII);
  }

  private static void appendHex(StringBuilder out, long value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      out.append(Character.forDigit((int) (value >>> (4 * i)) & 15, 16));
    }
  }
}
