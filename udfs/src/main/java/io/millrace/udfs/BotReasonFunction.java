package io.millrace.udfs;

import io.millrace.domain.device.UserAgentRules;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code bot_reason(user_agent)}: why a user agent is a machine's; null for people. */
public final class BotReasonFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  private transient UserAgentRules rules;

  @Override
  public void open(FunctionContext context) {
    rules = UserAgentRules.shared();
  }

  public String eval(String userAgent) {
    return rules.describe(userAgent).botReason();
  }
}
