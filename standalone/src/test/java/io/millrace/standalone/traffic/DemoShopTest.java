package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoShopTest {
  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final Pattern PRODUCT =
      Pattern.compile("INTO shop.products [^;]* VALUES \\('demo-shop', '(\\d+)'");

  @Test
  void hasEveryProductThatTheTrafficIsAboutFromBeforeItsFirstEvent() {
    Set<String> products = new TreeSet<>();
    Matcher matcher = PRODUCT.matcher(DemoShop.sql(NOW));
    while (matcher.find()) {
      products.add(matcher.group(1));
    }
    Set<String> soldOnPages = new TreeSet<>();
    DemoSite shop = DemoSite.ALL.get(0);
    for (String page : shop.pages()) {
      if (shop.sells(page)) {
        soldOnPages.add(shop.product(page));
      }
    }

    assertThat(products).isEqualTo(soldOnPages).hasSizeGreaterThan(90);
    assertThat(DemoShop.sql(NOW)).contains("'2026-04-18T12:00:00Z'").isEqualTo(DemoShop.sql(NOW));
  }
}
