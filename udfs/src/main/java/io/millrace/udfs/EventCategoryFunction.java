package io.millrace.udfs;

import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.catalogue.EventTypeSchema;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code event_category(event_type)}: the category of a catalogued type or alias; null for any
 * other.
 */
public final class EventCategoryFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String eventType) {
    return eventType == null
        ? null
        : Catalogue.builtIn().find(eventType).map(EventTypeSchema::category).orElse(null);
  }
}
