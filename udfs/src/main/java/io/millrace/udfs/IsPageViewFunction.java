package io.millrace.udfs;

import io.millrace.domain.event.EventTypes;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code is_page_view(event_type)}: whether events of this type count as a page view; null for
 * null.
 */
public final class IsPageViewFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public Boolean eval(String eventType) {
    return eventType == null ? null : EventTypes.isPageView(eventType);
  }
}
