package io.millrace.standalone.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in one visit, in time from its start.
 *
 * <p>A visit is made to be one session: it starts with a page view, its steps have times of their
 * own, and no pause is longer than the session gap. Now and then a pause is exactly as long, which
 * still belongs to the session.
 */
record DemoVisit(DemoChannel channel, List<Step> steps) {
  /** A new session starts when a pause is longer than this. */
  static final long GAP_MS = Duration.ofMinutes(30).toMillis();

  /**
   * One event of a visit.
   *
   * @param at ms from the start
   * @param query of the page's URL, with the question mark; empty where there is none
   * @param entityId the product it is about, or null
   * @param revenueCents 0 where nothing was bought
   */
  record Step(
      long at,
      String type,
      String path,
      String query,
      String referrer,
      String entityId,
      long revenueCents) {}

  /** How much time passes between pages. */
  enum Pace {
    READING,
    /** Everything within a minute or two, for visits that are watched live. */
    BRISK,
    CRAWLING
  }

  long lengthMs() {
    return steps.get(steps.size() - 1).at();
  }

  /** The visit as far as it gets in this time; a visit has at least its first step. */
  DemoVisit within(long maxMs) {
    List<Step> kept = steps.stream().filter(step -> step.at() <= maxMs).toList();
    return new DemoVisit(channel, kept);
  }

  static DemoVisit plan(DemoSite site, Pace pace, SplittableRandom random) {
    return new Planner(site, pace, random).plan();
  }

  /** A visit of somebody who followed the one link that everybody follows. */
  static DemoVisit rush(DemoSite site, SplittableRandom random) {
    return new Planner(site, Pace.BRISK, random).planRush();
  }

  private static final class Planner {
    private final DemoSite site;
    private final Pace pace;
    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();
    private long at;
    private String path;

    Planner(DemoSite site, Pace pace, SplittableRandom random) {
      this.site = site;
      this.pace = pace;
      this.random = random;
    }

    DemoVisit plan() {
      boolean crawler = pace == Pace.CRAWLING;
      DemoChannel channel = crawler ? DemoChannel.DIRECT : DemoChannel.draw(random);
      path = site.page(random);
      add("page_view", channel.query(random), channel.referrer(random), null, 0);
      int more = crawler ? random.nextInt(3, 25) : morePages();
      boolean cart = !crawler && actOnPage();
      for (int i = 0; i < more; i++) {
        String from = crawler ? "" : site.baseUrl() + path;
        at += thinking();
        path = site.page(random);
        add("page_view", "", from, null, 0);
        cart |= !crawler && actOnPage();
      }
      if (cart && random.nextDouble() < 0.4) {
        buy();
      }
      return new DemoVisit(channel, List.copyOf(steps));
    }

    DemoVisit planRush() {
      path = site.rushPage();
      add("page_view", "", DemoChannel.SOCIAL.referrer(random), null, 0);
      actOnPage();
      return new DemoVisit(DemoChannel.SOCIAL, List.copyOf(steps));
    }

    private int morePages() {
      int pages = 0;
      while (pages < 14 && random.nextDouble() < (pages == 0 ? 0.55 : 0.62)) {
        pages++;
      }
      return pages;
    }

    /** Clicks and the like; returns whether something went into the cart. */
    private boolean actOnPage() {
      boolean cart = false;
      if (site.sells(path)) {
        at += random.nextLong(200, 900);
        add("product_view", "", "", site.product(path), 0);
        if (random.nextDouble() < 0.22) {
          at += pause(4_000, 20_000);
          add("add_to_cart", "", "", site.product(path), 0);
          cart = true;
        }
      } else if (random.nextDouble() < 0.03) {
        at += pause(5_000, 40_000);
        add("form_submit", "", "", null, 0);
      }
      if (random.nextDouble() < 0.25) {
        at += pause(2_000, 12_000);
        add("click", "", "", null, 0);
      }
      return cart;
    }

    private void buy() {
      String from = site.baseUrl() + path;
      at += pause(5_000, 40_000);
      path = "/checkout";
      add("page_view", "", from, null, 0);
      at += pause(20_000, 120_000);
      add("purchase", "", "", null, 100 * random.nextLong(9, 180) + 99);
    }

    private long thinking() {
      if (pace == Pace.READING && random.nextDouble() < 0.01) {
        return GAP_MS; // exactly the gap: still the same session
      }
      double exponential = -Math.log(1 - random.nextDouble());
      return switch (pace) {
        case READING -> Math.min(1_200_000, 2_000 + (long) (45_000 * exponential));
        case BRISK -> random.nextLong(1_000, 9_000);
        case CRAWLING -> random.nextLong(800, 6_000);
      };
    }

    private long pause(long from, long to) {
      return pace == Pace.BRISK ? random.nextLong(500, 3_000) : random.nextLong(from, to);
    }

    private void add(
        String type, String query, String referrer, String entityId, long revenueCents) {
      steps.add(new Step(at, type, path, query, referrer, entityId, revenueCents));
    }
  }
}
