package io.millrace.udfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.OwnHosts;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MillraceModuleTest {
  private static final int MAX_BYTES = 1_000;

  static Iterable<String> names() {
    return module().listFunctions();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aFunctionTravelsWithoutItsRulesAndAlwaysGivesTheSame(String name) throws Exception {
    FunctionDefinition function = module().getFunctionDefinition(name).orElseThrow();

    assertThat(InstantiationUtil.serializeObject(function)).hasSizeLessThan(MAX_BYTES);
    assertThat(function.isDeterministic()).isTrue();
  }

  @Test
  void findsAFunctionInAnyCaseAndNothingElse() {
    assertThat(module().getFunctionDefinition("Session_ID"))
        .containsInstanceOf(SessionIdFunction.class);
    assertThat(module().getFunctionDefinition("session")).isEmpty();
  }

  private static MillraceModule module() {
    return new MillraceModule(OwnHosts.none());
  }
}
