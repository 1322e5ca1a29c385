package io.millrace.standalone.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One of the demo's made-up sites, which is one tenant.
 *
 * @param share of the demo's events
 * @param pages paths by popularity; the front page is first
 * @param shop whether its product pages lead to purchases
 */
record DemoSite(
    String tenant,
    String baseUrl,
    double share,
    List<String> pages,
    boolean shop,
    Zipf popularity) {

  static final List<DemoSite> ALL =
      List.of(
          site(DemoTraffic.SHOP, "https://www.harbour-goods.example", 0.5, "/product/", 120, true),
          site("demo-journal", "https://journal.tidewater.example", 0.3, "/story/", 200, false),
          site("demo-docs", "https://docs.ferrywork.example", 0.2, "/guide/", 60, false));

  private static DemoSite site(
      String tenant, String baseUrl, double share, String prefix, int count, boolean shop) {
    List<String> pages = new ArrayList<>();
    pages.add("/");
    for (int i = 1; i < count; i++) {
      pages.add(i % 7 == 3 ? "/topic/" + i : prefix + i);
    }
    return new DemoSite(tenant, baseUrl, share, List.copyOf(pages), shop, new Zipf(count, 1.0));
  }

  String page(SplittableRandom random) {
    return pages.get(popularity.draw(random));
  }

  /** Where the rush goes: neither the most popular page nor one that nobody knows. */
  String rushPage() {
    return pages.get(8);
  }

  /** Id of the product that is sold on a page. */
  String product(String path) {
    return path.substring("/product/".length());
  }

  boolean sells(String path) {
    return shop && path.startsWith("/product/");
  }

  /** Ranks that are drawn in proportion to 1 / rank^exponent: a few are popular, most are not. */
  static final class Zipf {
    private final double[] cumulated;

    Zipf(int ranks, double exponent) {
      cumulated = new double[ranks];
      double sum = 0;
      for (int i = 0; i < ranks; i++) {
        sum += 1 / Math.pow(i + 1.0, exponent);
        cumulated[i] = sum;
      }
    }

    /** A rank, counted from 0. */
    int draw(SplittableRandom random) {
      double point = random.nextDouble() * cumulated[cumulated.length - 1];
      int found = Arrays.binarySearch(cumulated, point);
      return found >= 0 ? found : -found - 1;
    }
  }
}
