package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatewayErrorsTest {
  @Test
  void saysTheDeepestCauseWithThePlaceThatThePlannerAdds() {
    assertThat(
            GatewayErrors.sentence(
                """
                <Exception on server side:
                org.apache.flink.table.gateway.service.utils.SqlExecutionException: Failed to execute the operation 1.
                \tat org.apache.flink.X(X.java:1)
                Caused by: org.apache.flink.table.api.ValidationException: SQL validation failed. From line 1, column 15 to line 1, column 19: Object 'evnts' not found
                \tat org.apache.flink.Y(Y.java:1)
                Caused by: org.apache.calcite.runtime.CalciteContextException: From line 1, column 15 to line 1, column 19: Object 'evnts' not found
                Caused by: org.apache.calcite.sql.validate.SqlValidatorException: Object 'evnts' not found
                \t... 10 more
                """))
        .isEqualTo("From line 1, column 15 to line 1, column 19: Object 'evnts' not found");
  }

  @Test
  void namesAnExceptionOfTheJdkBecauseItsMessageAloneSaysLittle() {
    assertThat(GatewayErrors.sentence("java.lang.NumberFormatException: For input string: 'x'"))
        .isEqualTo("NumberFormatException: For input string: 'x'");
  }

  @Test
  void fallsBackToTheFirstLineWhereNoExceptionIsNamed() {
    assertThat(GatewayErrors.sentence("Session s1 does not exist.\nmore"))
        .isEqualTo("Session s1 does not exist.");
  }
}
