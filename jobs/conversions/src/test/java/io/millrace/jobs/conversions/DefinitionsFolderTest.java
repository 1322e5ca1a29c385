package io.millrace.jobs.conversions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.definitions.InvalidDefinitionsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionsFolderTest {
  private static final String BUY = "goals: {buy: {when: {event: purchase}}}";
  private static final String SIGN_UP = "goals: {sign-up: {when: {event: sign_up}}}";
  private static final String WRONG = "goals: {buy: {}}";

  @TempDir Path folder;

  @Test
  void readsTheFileOfEachTenant() throws Exception {
    write("acme", BUY);
    write("other", SIGN_UP);
    Files.writeString(folder.resolve("notes.txt"), WRONG);

    assertThat(DefinitionsFolder.read(folder).byTenant())
        .isEqualTo(Map.of("acme", BUY, "other", SIGN_UP));
  }

  @Test
  void findsNoDefinitionsWhereThereIsNoFolder() throws Exception {
    assertThat(DefinitionsFolder.read(folder.resolve("none")).byTenant()).isEmpty();
  }

  @Test
  void refusesToStartWithAFileThatCannotBeUsed() throws Exception {
    write("acme", WRONG);

    assertThatThrownBy(() -> DefinitionsFolder.read(folder))
        .isInstanceOf(InvalidDefinitionsException.class)
        .hasMessage(
            "Cannot use the definitions: acme.yaml, line 1: goals.buy has no when; it needs one");
  }

  @Test
  void keepsWhatATenantHadWhenItsFileCannotBeUsedAnyMore() throws Exception {
    write("acme", WRONG);
    write("other", WRONG);
    List<String> refused = new ArrayList<>();

    Map<String, String> read =
        DefinitionsFolder.read(folder, Map.of("acme", BUY), e -> refused.add(e.getMessage()));

    assertThat(read).isEqualTo(Map.of("acme", BUY));
    assertThat(refused).hasSize(2);
  }

  @Test
  void refusesAFileThatIsNoUtf8() throws Exception {
    Files.write(folder.resolve("acme.yaml"), new byte[] {(byte) 0xff, 'a'});

    assertThatThrownBy(() -> DefinitionsFolder.read(folder))
        .isInstanceOf(InvalidDefinitionsException.class)
        .hasMessage(
            "Cannot use the definitions: acme.yaml: cannot be read (MalformedInputException);"
                + " a file in UTF-8 that the process may read is allowed");
  }

  @Test
  void givesAllDefinitionsAtFirstAndThenWheneverOneHasChanged() throws Exception {
    write("acme", BUY);
    try (var ticks =
        new OneInputStreamOperatorTestHarness<Long, DefinitionsSet>(
            new StreamFlatMap<>(new WatchDefinitionsFunction(folder.toString())))) {
      ticks.setup(
          Types.POJO(DefinitionsSet.class)
              .createSerializer(ticks.getExecutionConfig().getSerializerConfig()));
      ticks.open();

      ticks.processElement(1L, 0);
      ticks.processElement(2L, 0);
      write("acme", SIGN_UP);
      ticks.processElement(3L, 0);
      write("acme", WRONG);
      ticks.processElement(4L, 0);
      Files.delete(folder.resolve("acme.yaml"));
      ticks.processElement(5L, 0);

      assertThat(ticks.extractOutputValues())
          .extracting(DefinitionsSet::byTenant)
          .containsExactly(
              new TreeMap<>(Map.of("acme", BUY)),
              new TreeMap<>(Map.of("acme", SIGN_UP)),
              new TreeMap<>());
    }
  }

  private void write(String tenant, String yaml) throws Exception {
    Files.writeString(folder.resolve(tenant + ".yaml"), yaml);
  }
}
