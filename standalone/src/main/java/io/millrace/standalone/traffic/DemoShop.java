package io.millrace.standalone.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the products of the demo's shop are: the first rows of the sample schema. */
public final class DemoShop {
  private static final List<String> KINDS =
      List.of("Lantern", "Rope", "Oilskin coat", "Sea chest", "Compass", "Teapot", "Wool blanket");
  private static final List<String> MAKERS =
      List.of("Lamp House", "Rope Yard", "Harbour Loft", "North Quay", "Mill Lane");

  /** Before the first event of the demo, so that every one has its product as it was then. */
  private static final Duration BEFORE = DemoTraffic.HISTORY.plusDays(1);

  private DemoShop() {}

  /** The rows as SQL; the same for the same time. */
  public static String sql(Instant now) {
    Instant since = now.minus(BEFORE);
    StringBuilder sql = new StringBuilder();
    for (DemoSite site : DemoSite.ALL) {
      if (site.shop()) {
        owners(site, since, sql);
        products(site, since, sql);
      }
    }
    return sql.toString();
  }

  private static void owners(DemoSite site, Instant since, StringBuilder sql) {
    for (int i = 0; i < MAKERS.size(); i++) {
      sql.append(
          "INSERT INTO shop.owners (tenant, id, name, plan, created_at) VALUES ('%s', 'maker-%d', '%s', '%s', '%s');%n"
              .formatted(site.tenant(), i, MAKERS.get(i), i == 0 ? "pro" : "free", since));
    }
  }

  private static void products(DemoSite site, Instant since, StringBuilder sql) {
    int number = 0;
    for (String path : site.pages()) {
      if (site.sells(path)) {
        sql.append(
            "INSERT INTO shop.products (tenant, id, owner_id, title, url, price_cents, currency, created_at) VALUES ('%s', '%s', 'maker-%d', '%s no. %d', '%s', %d, 'EUR', '%s');%n"
                .formatted(
                    site.tenant(),
                    site.product(path),
                    number % MAKERS.size(),
                    KINDS.get(number % KINDS.size()),
                    number + 1,
                    site.baseUrl() + path,
                    999 + 250 * (number % 37),
                    since));
        number++;
      }
    }
  }
}
