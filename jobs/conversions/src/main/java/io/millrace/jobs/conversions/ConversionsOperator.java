package io.millrace.jobs.conversions;

import io.millrace.domain.attribution.AttributionRules;
import io.millrace.domain.attribution.Credit;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.funnel.FunnelRules;
import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.goal.ConversionRules;
import io.millrace.domain.goal.Touch;
import io.millrace.domain.session.SessionRules;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.RocksDBKeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.OutputTag;

/**
 * Keeps what a visitor's conversions, credits and funnels follow from, and writes what has changed
 * of them.
 *
 * <p>How it works: every event moves the visitor's sessions, of which little is kept; events that
 * the definitions speak of are kept as candidates. When the visitor has been quiet for a while, or
 * patience is over, the rules are asked twice: for what was there when rows were written last, and
 * for what is there now. The difference of the two answers is written. So no row is kept in state,
 * and any order of arrival ends in the rules' answer to all events at once.
 *
 * <p>Only processing time matters, as a conversion is one as soon as it happens; late events
 * restate it.
 */
final class ConversionsOperator extends AbstractStreamOperator<ConversionChange>
    implements OneInputStreamOperator<MatchedEvent, ConversionChange>,
        BoundedOneInput,
        Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<CreditChange> CREDITS =
      new OutputTag<>("credit-changes", Types.POJO(CreditChange.class));
  static final OutputTag<FunnelStepChange> STEPS =
      new OutputTag<>("funnel-step-changes", Types.POJO(FunnelStepChange.class));

  static final OutputTag<Conversion> REACHED =
      new OutputTag<>("reached-goals", Types.POJO(Conversion.class));

  private final SessionRules sessions;
  private final AttributionRules attribution;
  private final long quietMs;
  private final long patienceMs;
  private final long restatedMs;
  private final long keptMs;
  private final long cacheBytes;

  private transient ValueStateDescriptor<VisitorState> descriptor;
  private transient VisitorCache cache;
  private transient InternalTimerService<VoidNamespace> timers;

  ConversionsOperator(ConversionOptions options) {
    this.sessions = options.sessions();
    this.attribution = options.attribution();
    this.quietMs = options.quiet().toMillis();
    this.patienceMs = options.patience().toMillis();
    this.restatedMs = options.restated().toMillis();
    this.keptMs = options.kept().toMillis();
    this.cacheBytes = options.cacheBytes();
  }

  @Override
  public void open() throws Exception {
    super.open();
    // Cleared when the visitor's last session has been kept long enough after its last event.
    descriptor = new ValueStateDescriptor<>("visitor", Types.POJO(VisitorState.class));
    var states = getRuntimeContext().getState(descriptor);
    timers = getInternalTimerService("visitors", VoidNamespaceSerializer.INSTANCE, this);

    boolean backendKeepsBytes = getKeyedStateBackend() instanceof RocksDBKeyedStateBackend;
    cache =
        new VisitorCache(
            states,
            this::setCurrentKey,
            cacheBytes,
            backendKeepsBytes ? null : descriptor.getSerializer());
  }

  @Override
  public void processElement(StreamRecord<MatchedEvent> element) throws Exception {
    MatchedEvent event = element.getValue();
    Visitor visitor = cache.visitor((String) getCurrentKey());
    long now = getProcessingTimeService().getCurrentProcessingTime();
    boolean known = visitor.candidates.containsKey(event.eventId);
    boolean moved = !known && move(visitor, event, now);
    boolean counts = !known && event.matchesAny();
    if (counts) {
      Candidate candidate = new Candidate();
      candidate.event = event.withoutTraffic();
      candidate.arrivedAt = now;
      visitor.candidates.put(event.eventId, candidate);
      ConversionRules.conversions(List.of(event), visitor.touches)
          .forEach(conversion -> output.collect(REACHED, new StreamRecord<>(conversion)));
    }
    if (counts || (moved && !visitor.candidates.isEmpty())) {
      visitor.waitingSince = Math.min(visitor.waitingSince, now);
      visitor.changedAt = now;
    }
    arm(visitor, visitor.waits() ? dueAt(visitor) : now + keptMs);
    cache.changed(visitor);
    cache.evict(visitor.key());
  }

  /**
   * Puts the event into the visitor's sessions.
   *
   * @return whether rows may follow from it
   */
  private boolean move(Visitor visitor, MatchedEvent event, long now) {
    List<Touch> before = null;
    if (visitor.writtenTouches == null && visitor.anyWritten()) {
      before = new ArrayList<>(visitor.touches.size());
      for (Touch touch : visitor.touches) {
        before.add(touch.copy());
      }
    }
    boolean moved = Touch.place(visitor.touches, event, now, sessions);
    if (moved && before != null) {
      visitor.writtenTouches = before;
    }
    return moved;
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("No event-time timer is ever set");
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    Visitor visitor = cache.visitor(timer.getKey());
    if (visitor.timer == timer.getTimestamp()) {
      visitor.timer = Visitor.NONE;
    }
    long now = getProcessingTimeService().getCurrentProcessingTime();
    if (visitor.waits() && (dueAt(visitor) <= now || nextExpiry(visitor) <= now)) {
      write(visitor);
    }
    // Forgetting makes no difference to rows: both answers of the rules lose the same.
    expire(visitor, now);
    if (visitor.touches.isEmpty()) {
      cache.drop(visitor);
      return;
    }
    long next = nextExpiry(visitor);
    arm(visitor, visitor.waits() ? Math.min(dueAt(visitor), next) : next);
    cache.changed(visitor);
    cache.evict(visitor.key());
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    cache.flush();
  }

  /** Of events that end, as in a backfill, there is nothing to wait for. */
  @Override
  public void endInput() throws Exception {
    cache.flush();
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            descriptor,
            (key, state) -> {
              Visitor visitor = cache.visitor((String) key);
              if (visitor.waits()) {
                write(visitor);
                cache.changed(visitor);
              }
              cache.evict(visitor.key());
            });
  }

  private long dueAt(Visitor visitor) {
    return Math.min(visitor.changedAt + quietMs, visitor.waitingSince + patienceMs);
  }

  /** When something of the visitor is to be forgotten next. */
  private long nextExpiry(Visitor visitor) {
    long next = Visitor.NONE;
    for (Candidate candidate : visitor.candidates.values()) {
      boolean conversion = candidate.event.goals != null;
      next = Math.min(next, candidate.arrivedAt + (conversion ? restatedMs : keptMs));
    }
    for (Touch touch : visitor.touches) {
      // One that leads to a conversion goes with it, which is in the loop above.
      if (!leads(visitor, touch)) {
        next = Math.min(next, touch.touchedAt + keptMs);
      }
    }
    return next;
  }

  private void expire(Visitor visitor, long now) {
    for (Iterator<Candidate> all = visitor.candidates.values().iterator(); all.hasNext(); ) {
      Candidate candidate = all.next();
      if (candidate.event.goals != null && candidate.arrivedAt + restatedMs <= now) {
        candidate.event = candidate.event.withoutGoals();
      }
      if (!candidate.event.matchesAny() || candidate.arrivedAt + keptMs <= now) {
        all.remove();
      }
    }
    visitor.touches.removeIf(touch -> touch.touchedAt + keptMs <= now && !leads(visitor, touch));
  }

  /** Whether a conversion that may still be restated looks back on the session. */
  private boolean leads(Visitor visitor, Touch touch) {
    for (Candidate candidate : visitor.candidates.values()) {
      if (candidate.event.goals != null && attribution.leads(touch, candidate.event.occurredAt)) {
        return true;
      }
    }
    return false;
  }

  /**
   * One timer a visitor is enough: one that fires too early is set anew, one too late is replaced.
   */
  private void arm(Visitor visitor, long at) {
    if (at < visitor.timer) {
      if (visitor.timer != Visitor.NONE) {
        timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, visitor.timer);
      }
      timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, at);
      visitor.timer = at;
    }
  }

  /** Writes what differs between the rows that the lake has and those that there should be. */
  private void write(Visitor visitor) {
    List<MatchedEvent> oldEvents = visitor.writtenEvents();
    List<MatchedEvent> events = visitor.events();
    List<Touch> oldTouches =
        visitor.writtenTouches == null ? visitor.touches : visitor.writtenTouches;
    List<Touch> touches = visitor.touches;

    List<Conversion> oldConversions = ConversionRules.conversions(oldEvents, oldTouches);
    List<Conversion> conversions = ConversionRules.conversions(events, touches);
    difference(
        oldConversions,
        conversions,
        conversion -> conversion.conversionId,
        Conversion::sameAs,
        (kind, row) -> output.collect(new StreamRecord<>(new ConversionChange(kind, row))));
    difference(
        credits(oldConversions, oldTouches),
        credits(conversions, touches),
        Credit::id,
        Credit::sameAs,
        (kind, row) -> output.collect(CREDITS, new StreamRecord<>(new CreditChange(kind, row))));
    difference(
        FunnelRules.steps(oldEvents, oldTouches),
        FunnelRules.steps(events, touches),
        step -> step.stepId,
        FunnelStep::sameAs,
        (kind, row) -> output.collect(STEPS, new StreamRecord<>(new FunnelStepChange(kind, row))));

    visitor.candidates.values().forEach(candidate -> candidate.written = true);
    visitor.writtenTouches = null;
    visitor.waitingSince = Visitor.NONE;
  }

  private List<Credit> credits(List<Conversion> conversions, List<Touch> touches) {
    List<Credit> credits = new ArrayList<>();
    conversions.forEach(conversion -> credits.addAll(attribution.credits(conversion, touches)));
    return credits;
  }

  private static <T> void difference(
      List<T> before,
      List<T> after,
      Function<T, String> id,
      BiPredicate<T, T> same,
      BiConsumer<RowKind, T> change) {
    Map<String, T> going = new LinkedHashMap<>();
    before.forEach(row -> going.put(id.apply(row), row));
    List<T> coming = new ArrayList<>();
    for (T row : after) {
      T old = going.remove(id.apply(row));
      if (old == null) {
        coming.add(row);
      } else if (!same.test(old, row)) {
        change.accept(RowKind.UPDATE_BEFORE, old);
        change.accept(RowKind.UPDATE_AFTER, row);
      }
    }
    going.values().forEach(row -> change.accept(RowKind.DELETE, row));
    coming.forEach(row -> change.accept(RowKind.INSERT, row));
  }
}
