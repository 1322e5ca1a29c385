package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Says of each event what the definitions in force say that it is. Events of tenants who define
 * nothing go no further: their sessions lead to no conversion, and keeping them has a price.
 */
final class MatchFunction extends BroadcastProcessFunction<Event, DefinitionsSet, MatchedEvent> {
  private static final long serialVersionUID = 1L;

  /** YAML by tenant. Replaced by each set of definitions; cleared with the last definition. */
  static final MapStateDescriptor<String, String> DEFINITIONS =
      new MapStateDescriptor<>("definitions", Types.STRING, Types.STRING);

  private final HashMap<String, String> initial;

  /** Null until the first event or set after a start. */
  private transient Map<String, Definitions> byTenant;

  /**
   * A function that needs to wait for no definitions.
   *
   * @param initial hold from the start until the first set comes
   */
  MatchFunction(DefinitionsSet initial) {
    this.initial = new HashMap<>(initial.byTenant());
  }

  @Override
  public void processElement(Event event, ReadOnlyContext context, Collector<MatchedEvent> out)
      throws Exception {
    if (byTenant == null) {
      byTenant = restored(context.getBroadcastState(DEFINITIONS));
    }
    Definitions definitions = byTenant.get(event.tenant);
    if (definitions != null) {
      out.collect(definitions.match(event));
    }
  }

  @Override
  public void processBroadcastElement(
      DefinitionsSet set, Context context, Collector<MatchedEvent> out) throws Exception {
    var state = context.getBroadcastState(DEFINITIONS);
    state.clear();
    state.putAll(set.byTenant());
    byTenant = parse(set.byTenant());
  }

  private Map<String, Definitions> restored(ReadOnlyBroadcastState<String, String> state)
      throws Exception {
    Map<String, String> texts = new HashMap<>();
    state.immutableEntries().forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
    return parse(texts.isEmpty() ? initial : texts);
  }

  private static Map<String, Definitions> parse(Map<String, String> texts) {
    Map<String, Definitions> parsed = new HashMap<>();
    texts.forEach((tenant, text) -> parsed.put(tenant, Definitions.parse(tenant + ".yaml", text)));
    return parsed;
  }
}
