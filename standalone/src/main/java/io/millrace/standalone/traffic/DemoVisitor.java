package io.millrace.standalone.traffic;

import java.util.List;
import java.util.SplittableRandom;

/** Someone, or something, that visits a demo site with one browser. */
record DemoVisitor(String id, String userAgent, Kind kind, String country) {
  enum Kind {
    DESKTOP,
    PHONE,
    TABLET,
    BOT
  }

  private static final List<String> DESKTOPS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/141.0.0.0 Safari/537.36",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
              + " Version/18.5 Safari/605.1.15",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
          "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0");

  private static final List<String> PHONES =
      List.of(
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
              + " Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/141.0.0.0 Mobile Safari/537.36",
          "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36");

  private static final List<String> TABLETS =
      List.of(
          "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
              + " Version/16.6 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/141.0.0.0 Safari/537.36");

  private static final List<String> BOTS =
      List.of(
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
          "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
          "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2;"
              + " +https://openai.com/gptbot)");

  private static final List<String> COUNTRIES =
      List.of("DE", "US", "FR", "GB", "NL", "IN", "BR", "JP", "PL", "SE");

  static DemoVisitor human(String id, SplittableRandom random) {
    double device = random.nextDouble();
    Kind kind = device < 0.45 ? Kind.DESKTOP : device < 0.93 ? Kind.PHONE : Kind.TABLET;
    List<String> agents = kind == Kind.DESKTOP ? DESKTOPS : kind == Kind.PHONE ? PHONES : TABLETS;
    return new DemoVisitor(id, pick(agents, random), kind, pick(COUNTRIES, random));
  }

  static DemoVisitor bot(String id, SplittableRandom random) {
    return new DemoVisitor(id, pick(BOTS, random), Kind.BOT, "US");
  }

  boolean bot() {
    return kind == Kind.BOT;
  }

  static <T> T pick(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }
}
