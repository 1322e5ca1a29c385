package io.millrace.udfs;

import io.millrace.domain.session.SessionRules;
import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code session_id(tenant, visitor_id, started_at)}: the id of a session; null for null. */
public final class SessionIdFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(
      String tenant, String visitorId, @DataTypeHint("TIMESTAMP_LTZ(3)") Instant startedAt) {
    return tenant == null || visitorId == null || startedAt == null
        ? null
        : SessionRules.sessionId(tenant, visitorId, startedAt.toEpochMilli());
  }
}
