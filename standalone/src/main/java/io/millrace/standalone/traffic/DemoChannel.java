package io.millrace.standalone.traffic;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** How a demo visit comes about, with the referrers that everyone would put under it. */
enum DemoChannel {
  SEARCH(0.34),
  DIRECT(0.26),
  SOCIAL(0.12),
  CAMPAIGN(0.12),
  REFERRAL(0.08),
  EMAIL(0.05),
  AI(0.03);

  private static final List<String> CAMPAIGN_TAGS =
      List.of(
          "utm_source=newsletter&utm_medium=email&utm_campaign=spring-tide",
          "utm_source=google&utm_medium=cpc&utm_campaign=brand",
          "utm_source=facebook&utm_medium=paid_social&utm_campaign=boots-week");

  private final double share;

  DemoChannel(double share) {
    this.share = share;
  }

  static DemoChannel draw(SplittableRandom random) {
    double point = random.nextDouble();
    for (DemoChannel channel : values()) {
      point -= channel.share;
      if (point < 0) {
        return channel;
      }
    }
    return DIRECT;
  }

  /** The channel's name in the product. */
  String channelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  String referrer(SplittableRandom random) {
    return DemoVisitor.pick(
        switch (this) {
          case SEARCH ->
              List.of(
                  "https://www.google.com/", "https://www.bing.com/", "https://duckduckgo.com/");
          case DIRECT -> List.of("");
          case SOCIAL ->
              List.of("https://www.facebook.com/", "https://www.reddit.com/", "https://t.co/");
          case CAMPAIGN -> List.of("", "https://www.google.com/", "https://www.facebook.com/");
          case REFERRAL ->
              List.of(
                  "https://www.lighthouse-weekly.example/links", "https://pier-review.example/");
          case EMAIL -> List.of("https://mail.google.com/", "https://outlook.live.com/");
          case AI -> List.of("https://chatgpt.com/", "https://www.perplexity.ai/");
        },
        random);
  }

  /** What follows the path of the landing page: tags for a campaign, else nothing. */
  String query(SplittableRandom random) {
    return this == CAMPAIGN ? "?" + DemoVisitor.pick(CAMPAIGN_TAGS, random) : "";
  }
}
