package io.millrace.udfs;

import io.millrace.domain.device.UserAgentRules;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code is_bot(user_agent)}: whether a machine is behind a user agent; true for none. */
public final class IsBotFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  private transient UserAgentRules rules;

  @Override
  public void open(FunctionContext context) {
    rules = UserAgentRules.shared();
  }

  public Boolean eval(String userAgent) {
    return rules.describe(userAgent).bot();
  }
}
