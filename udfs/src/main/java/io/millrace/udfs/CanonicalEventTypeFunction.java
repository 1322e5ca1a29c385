package io.millrace.udfs;

import io.millrace.domain.catalogue.Catalogue;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code canonical_event_type(event_type)}: the name that an alias stands for, any other name as it
 * is; null for null.
 */
public final class CanonicalEventTypeFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String eventType) {
    return eventType == null ? null : Catalogue.builtIn().canonical(eventType);
  }
}
