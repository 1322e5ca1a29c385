package io.millrace.udfs;

import io.millrace.domain.device.Device;
import io.millrace.domain.device.UserAgentRules;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;

/**
 * {@code user_agent(text)}: what a user agent says of itself; never null, as no user agent is a
 * bot.
 */
public final class UserAgentFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  private transient UserAgentRules rules;

  @Override
  public void open(FunctionContext context) {
    rules = UserAgentRules.shared();
  }

  @DataTypeHint(
      "ROW<browser STRING, browser_version STRING, os STRING, device_type STRING, bot BOOLEAN,"
          + " bot_reason STRING>")
  public Row eval(String userAgent) {
    Device device = rules.describe(userAgent);
    return Row.of(
        device.browser(),
        device.browserVersion(),
        device.os(),
        device.deviceType(),
        device.bot(),
        device.botReason());
  }
}
