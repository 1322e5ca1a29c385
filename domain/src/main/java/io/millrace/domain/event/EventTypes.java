package io.millrace.domain.event;

import java.util.Set;

/** What the known event types mean to the measures. */
public final class EventTypes {
  public static final String PAGE_VIEW = "page_view";

  private static final Set<String> CLICKS =
      Set.of(
          "click",
          "link_click",
          "product_click",
          "affiliate_click",
          "button_click",
          "outbound_click");
  private static final Set<String> CONVERSIONS =
      Set.of("conversion", "purchase", "order_completed");

  private EventTypes() {}

  public static boolean isPageView(Event event) {
    return isPageView(event.eventType);
  }

  public static boolean isPageView(String eventType) {
    return PAGE_VIEW.equals(eventType);
  }

  public static boolean isClick(Event event) {
    return isClick(event.eventType);
  }

  public static boolean isClick(String eventType) {
    return CLICKS.contains(eventType);
  }

  public static boolean isConversion(Event event) {
    return isConversion(event.eventType);
  }

  public static boolean isConversion(String eventType) {
    return CONVERSIONS.contains(eventType);
  }
}
