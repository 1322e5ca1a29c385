package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.typeutils.ObjectArrayTypeInfo;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializer;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/**
 * What a job promises to every savepoint, as reviewed text: uids, names and types of states, max
 * parallelism.
 *
 * <p>States are read from a snapshot of each operator, so nothing that a savepoint would hold can
 * be missing. Sources of tests have a uid that starts with {@code test/} and are left out.
 */
public final class JobGolden {
  private static final String WRITE = "millrace.golden.write";

  private final StringBuilder text = new StringBuilder();
  private final TreeMap<String, PojoTypeInfo<?>> pojos = new TreeMap<>();

  private JobGolden() {}

  /** Compares what the environment holds with {@code src/test/resources/golden/<job>.txt}. */
  public static void assertKept(String job, StreamExecutionEnvironment env) throws Exception {
    Path golden = Path.of("src/test/resources/golden", job + ".txt");
    String now = describe(env);
    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, now);
    }
    assertThat(now)
        .as(
            """
            The job %s no longer has the operators and states of %s.
            A changed uid, state name or state type breaks every savepoint of this job: undo it, or \
            decide it, write it into CHANGELOG.md and regenerate the file with -D%s=true""",
            job, golden, WRITE)
        .isEqualTo(Files.exists(golden) ? Files.readString(golden) : "");
  }

  /** The environment's operators by uid, each with its states, and then the types of states. */
  public static String describe(StreamExecutionEnvironment env) throws Exception {
    JobGolden golden = new JobGolden();
    golden.line(
        "max parallelism: " + (env.getMaxParallelism() > 0 ? env.getMaxParallelism() : "not set"));
    List<StreamNode> nodes = List.copyOf(env.getStreamGraph(false).getStreamNodes());
    for (StreamNode node : nodes) {
      if (node.getTransformationUID() == null) {
        throw new AssertionError(
            "Operator \""
                + node.getOperatorName()
                + "\" has no uid; give it one, as a savepoint finds an operator's state by it");
      }
    }
    for (StreamNode node :
        nodes.stream().sorted(Comparator.comparing(StreamNode::getTransformationUID)).toList()) {
      if (!node.getTransformationUID().startsWith("test/")) {
        golden.operator(node);
      }
    }
    golden.types();
    return golden.text.toString();
  }

  private void operator(StreamNode node) throws Exception {
    line("operator " + node.getTransformationUID());
    line("  name: " + node.getOperatorName());
    if (node.getStateKeySerializer() != null) {
      line("  key: " + type(node.getStateKeySerializer()));
      states(node);
    } else if (node.getOperatorFactory() instanceof SimpleOperatorFactory<?> factory
        && factory.getOperator() instanceof OneInputStreamOperator<?, ?>) {
      statesOfTheOperator(node);
    }
  }

  @SuppressWarnings("unchecked")
  private void statesOfTheOperator(StreamNode node) throws Exception {
    SimpleOperatorFactory<Object> factory =
        (SimpleOperatorFactory<Object>) node.getOperatorFactory();
    try (OneInputStreamOperatorTestHarness<Object, Object> harness =
        new OneInputStreamOperatorTestHarness<>(
            (OneInputStreamOperator<Object, Object>) factory.getOperator())) {
      harness.setup((TypeSerializer<Object>) node.getTypeSerializerOut());
      harness.open();
      operatorStates(harness.snapshot(1, 1));
    }
  }

  private void operatorStates(OperatorSubtaskState snapshot) throws IOException {
    for (OperatorStateHandle handle : snapshot.getManagedOperatorState()) {
      OperatorBackendSerializationProxy states =
          new OperatorBackendSerializationProxy(JobGolden.class.getClassLoader());
      try (InputStream in = handle.openInputStream()) {
        states.read(new DataInputViewStreamWrapper(in));
      }
      states
          .getOperatorStateMetaInfoSnapshots()
          .forEach(state -> line("  of the operator: " + named(state)));
    }
  }

  private void states(StreamNode node) throws Exception {
    assertThat(node.getStateKeySerializer()).isEqualTo(StringSerializer.INSTANCE);
    try (AbstractStreamOperatorTestHarness<Object> harness = keyedHarness(node)) {
      harness.setup(outputOf(node));
      harness.open();
      OperatorSubtaskState snapshot = harness.snapshot(1, 1);
      for (KeyedStateHandle handle : snapshot.getManagedKeyedState()) {
        read((KeyGroupsStateHandle) handle).stream()
            .sorted(Comparator.comparing(StateMetaInfoSnapshot::getName))
            .forEach(this::state);
      }
      operatorStates(snapshot);
    }
  }

  @SuppressWarnings("unchecked")
  private static TypeSerializer<Object> outputOf(StreamNode node) {
    return (TypeSerializer<Object>) node.getTypeSerializerOut();
  }

  @SuppressWarnings("unchecked")
  private static AbstractStreamOperatorTestHarness<Object> keyedHarness(StreamNode node)
      throws Exception {
    KeySelector<Object, String> key = (KeySelector<Object, String>) node.getStatePartitioners()[0];
    if (node.getOperatorFactory() instanceof SimpleOperatorFactory<?> factory
        && factory.getOperator() instanceof TwoInputStreamOperator<?, ?, ?> operator) {
      return new KeyedTwoInputStreamOperatorTestHarness<>(
          (TwoInputStreamOperator<Object, Object, Object>) operator,
          key,
          (KeySelector<Object, String>) node.getStatePartitioners()[1],
          BasicTypeInfo.STRING_TYPE_INFO);
    }
    return new KeyedOneInputStreamOperatorTestHarness<>(
        (StreamOperatorFactory<Object>) node.getOperatorFactory(),
        key,
        BasicTypeInfo.STRING_TYPE_INFO,
        1,
        1,
        0);
  }

  private static List<StateMetaInfoSnapshot> read(KeyGroupsStateHandle handle) throws IOException {
    KeyedBackendSerializationProxy<String> states =
        new KeyedBackendSerializationProxy<>(JobGolden.class.getClassLoader());
    try (InputStream in = handle.openInputStream()) {
      states.read(new DataInputViewStreamWrapper(in));
    }
    return states.getStateMetaInfoSnapshots();
  }

  private void state(StateMetaInfoSnapshot state) {
    boolean timers = state.getBackendStateType() == BackendStateType.PRIORITY_QUEUE;
    line(timers ? "  timers " + state.getName() : "  state " + named(state));
  }

  private String named(StateMetaInfoSnapshot state) {
    return state.getName()
        + ": "
        + type(
            state
                .getTypeSerializerSnapshot(CommonSerializerKeys.VALUE_SERIALIZER)
                .restoreSerializer());
  }

  private String type(TypeSerializer<?> serializer) {
    if (serializer instanceof MapSerializer<?, ?> map) {
      return "map of " + type(map.getKeySerializer()) + " to " + type(map.getValueSerializer());
    }
    if (serializer instanceof ListSerializer<?> list) {
      return "list of " + type(list.getElementSerializer());
    }
    if (serializer instanceof PojoSerializer<?> pojo) {
      return type(TypeInformation.of(pojo.createInstance().getClass()));
    }
    return serializer.getClass().getSimpleName().replace("Serializer", "");
  }

  private String type(TypeInformation<?> type) {
    if (type instanceof PojoTypeInfo<?> pojo) {
      String name = pojo.getTypeClass().getName();
      if (pojos.put(name, pojo) == null) {
        for (int i = 0; i < pojo.getArity(); i++) {
          type(pojo.getTypeAt(i)); // so that it is listed as well
        }
      }
      return name;
    }
    return type instanceof ObjectArrayTypeInfo<?, ?> array
        ? type(array.getComponentInfo()) + "[]"
        : type.toString();
  }

  private void types() {
    List.copyOf(pojos.values())
        .forEach(
            pojo -> {
              line("type " + pojo.getTypeClass().getName());
              for (int i = 0; i < pojo.getArity(); i++) {
                line("  " + pojo.getFieldNames()[i] + ": " + type(pojo.getTypeAt(i)));
              }
            });
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
