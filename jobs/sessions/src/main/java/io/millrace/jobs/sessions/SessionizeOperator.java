package io.millrace.jobs.sessions;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.KafkaPlace;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionContent;
import io.millrace.domain.session.SessionRules;
import io.millrace.jobs.kit.SessionChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.contrib.streaming.state.RocksDBKeyedStateBackend;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.OutputTag;

/**
 * Drops repeated events and keeps every visitor's sessions, for events of any age in any order.
 *
 * <p>How it works: an event finds the sessions it touches by their bounds; it creates one, extends
 * one, or joins two. A session's row goes to the lake when the watermark passes its end by the gap;
 * where the watermark had passed already when the event came (an import, an offline phone), once
 * the session has been quiet for a while of processing time, so that an import writes each session
 * once. A row that has become wrong is taken back when its successor is written.
 *
 * <p>State is cleared {@code kept} after a session's last event, in processing time. It is an
 * operator and no function, because {@link VisitorCache} writes many keys at once; each visitor has
 * at most one timer of each kind that matters.
 */
final class SessionizeOperator extends AbstractStreamOperator<Event>
    implements OneInputStreamOperator<Event, Event>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;
  private static final long LIVE_INTERVAL_MS = 1_000;

  static final OutputTag<Duplicate> DUPLICATES =
      new OutputTag<>("duplicates", Types.POJO(Duplicate.class));
  static final OutputTag<SessionChange> CHANGES =
      new OutputTag<>("session-changes", Types.POJO(SessionChange.class));
  static final OutputTag<LiveSession> LIVE =
      new OutputTag<>("live-sessions", Types.POJO(LiveSession.class));

  private final SessionOptions options;
  private final SessionRules rules;
  private final long quietMs;
  private final long keptMs;
  private final long liveKeptMs;

  private transient VisitorCache cache;
  private transient InternalTimerService<VoidNamespace> timers;

  /**
   * Sessions changed since the hot store was told last. A session that was evicted and read again
   * stands here twice; the version tells the hot store which is newer.
   */
  private transient Map<Slot, Visitor> changed;

  private transient Counter duplicates;

  SessionizeOperator(SessionOptions options, long liveKeptMs) {
    this.options = options;
    this.rules = options.rules();
    this.quietMs = options.quiet().toMillis();
    this.keptMs = options.kept().toMillis();
    this.liveKeptMs = liveKeptMs;
  }

  @Override
  public void open() throws Exception {
    super.open();
    // Cleared when the visitor's last session is dropped.
    var indexes =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("visitor", Types.POJO(VisitorIndex.class)));
    // An entry is cleared when its session is dropped, or joined to another.
    var sessionsDescriptor =
        new MapStateDescriptor<>("sessions", Types.INT, Types.POJO(StoredSession.class));
    var sessions = getRuntimeContext().getMapState(sessionsDescriptor);
    timers = getInternalTimerService("sessionize", VoidNamespaceSerializer.INSTANCE, this);

    boolean backendKeepsBytes = getKeyedStateBackend() instanceof RocksDBKeyedStateBackend;
    TypeSerializer<StoredSession> copier =
        backendKeepsBytes ? null : sessionsDescriptor.getValueSerializer();
    cache = new VisitorCache(indexes, sessions, this::setCurrentKey, options.cacheBytes(), copier);
    changed = new LinkedHashMap<>();
    duplicates = getMetricGroup().counter("duplicates_total");
    scheduleLive();
  }

  @Override
  public void processElement(StreamRecord<Event> element) throws Exception {
    Event event = element.getValue();
    Visitor visitor = cache.visitor((String) getCurrentKey());
    long idHash = SessionRules.hash(event.eventId);
    StoredSession original = original(visitor, event, idHash);
    if (original != null) {
      duplicates.inc();
      output.collect(
          DUPLICATES,
          new StreamRecord<>(duplicate(event, original.content.eventIds.valueOf(idHash))));
      cache.evict(visitor.key());
      return;
    }

    output.collect(element);
    Slot slot = place(visitor, event, idHash);
    long now = getProcessingTimeService().getCurrentProcessingTime();
    slot.touchedAt = now;
    if (rules.closesAt(slot.endedAt) > timers.currentWatermark()) {
      slot.status = Slot.PENDING;
      armEventTimer(visitor, rules.closesAt(slot.endedAt));
      armProcessingTimer(visitor, now + keptMs);
    } else {
      slot.status = Slot.PENDING | Slot.LATE;
      armProcessingTimer(visitor, now + quietMs);
    }
    show(visitor, slot);
    cache.changed(visitor, slot);
    cache.evict(visitor.key());
  }

  /** The session that holds an event with this id already, or null. */
  private StoredSession original(Visitor visitor, Event event, long idHash) throws Exception {
    for (Slot slot : visitor.slots) {
      // A retry repeats the client's time, so it falls where the original is; only a corrected time
      // may have moved.
      if (event.clockCorrected || rules.touches(event.occurredAt, slot.startedAt, slot.endedAt)) {
        StoredSession stored = cache.stored(visitor, slot);
        if (stored.content.eventIds.contains(idHash)) {
          return stored;
        }
      }
    }
    return null;
  }

  /**
   * Puts the event where it belongs: into a new session, one that is there, or one that it makes of
   * two.
   */
  private Slot place(Visitor visitor, Event event, long idHash) throws Exception {
    Slot home = null;
    Slot second = null;
    for (Slot slot : visitor.slots) {
      if (rules.touches(event.occurredAt, slot.startedAt, slot.endedAt)) {
        if (home == null) {
          home = slot;
        } else {
          second = slot; // there is no third: they are more than two gaps apart
        }
      }
    }

    if (home == null) {
      home = new Slot(visitor.nextSlot++);
      home.stored = new StoredSession();
      home.stored.content = SessionContent.of(event, idHash);
      visitor.slots.add(home);
    } else {
      StoredSession stored = cache.stored(visitor, home);
      long startsAt = Math.min(event.occurredAt, home.startedAt);
      if (second != null) {
        startsAt = Math.min(startsAt, second.startedAt);
      }
      outdate(visitor, home);
      withdrawUnlessStarting(visitor, home, startsAt);
      if (second != null) {
        join(visitor, home, second, startsAt);
      }
      stored.content.add(event, idHash);
    }
    home.startedAt = home.stored.content.startedAt;
    home.endedAt = home.stored.content.endedAt;
    return home;
  }

  private void join(Visitor visitor, Slot home, Slot second, long startsAt) throws Exception {
    StoredSession into = home.stored;
    StoredSession from = cache.stored(visitor, second);
    outdate(visitor, second);
    withdrawUnlessStarting(visitor, second, startsAt);
    into.content.join(from.content);
    into.revision = Math.max(into.revision, from.revision);
    if (from.outdated != null) {
      int had = into.outdated == null ? 0 : into.outdated.length;
      Session[] both =
          had == 0
              ? new Session[from.outdated.length]
              : Arrays.copyOf(into.outdated, had + from.outdated.length);
      System.arraycopy(from.outdated, 0, both, had, from.outdated.length);
      into.outdated = both;
    }
    second.joined = true;
    cache.drop(visitor, second);
  }

  /** Remembers the row that the lake has of this session, before the session changes. */
  private void outdate(Visitor visitor, Slot slot) {
    StoredSession stored = slot.stored;
    if (!slot.pending() && stored.outdated == null) {
      stored.outdated =
          new Session[] {
            SessionRules.session(visitor.tenant, visitor.visitorId, stored.content, stored.revision)
          };
    }
  }

  /**
   * Takes the session's id from the hot store if it is about to change, as it does with the start.
   */
  private void withdrawUnlessStarting(Visitor visitor, Slot slot, long startsAt) {
    StoredSession stored = slot.stored;
    if (!stored.shown || slot.startedAt == startsAt) {
      return;
    }
    LiveSession live = new LiveSession();
    live.session =
        SessionRules.session(visitor.tenant, visitor.visitorId, stored.content, stored.revision);
    live.withdrawn = true;
    live.version = Long.MAX_VALUE;
    output.collect(LIVE, new StreamRecord<>(live));
    stored.shown = false;
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    Visitor visitor = cache.visitor(timer.getKey());
    if (visitor.eventTimer == timer.getTimestamp()) {
      visitor.eventTimer = Visitor.NONE;
      visitor.setDirty();
    }

    long watermark = timers.currentWatermark();
    long next = Visitor.NONE;
    for (Slot slot : visitor.slots) {
      long closesAt = rules.closesAt(slot.endedAt);
      if (slot.pending() && closesAt > watermark) {
        next = Math.min(next, closesAt);
      } else if (slot.pending() && !slot.late()) {
        write(visitor, slot);
      }
    }
    if (next != Visitor.NONE) {
      armEventTimer(visitor, next); // a later event moved the end
    }
    cache.evict(visitor.key());
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    Visitor visitor = cache.visitor(timer.getKey());
    if (visitor.processingTimer == timer.getTimestamp()) {
      visitor.processingTimer = Visitor.NONE;
      visitor.setDirty();
    }

    long now = getProcessingTimeService().getCurrentProcessingTime();
    long next = Visitor.NONE;
    for (Slot slot : new ArrayList<>(visitor.slots)) {
      boolean over = slot.touchedAt + keptMs <= now;
      if (slot.pending() && (over || (slot.late() && slot.touchedAt + quietMs <= now))) {
        write(visitor, slot);
      }
      if (over) {
        cache.drop(visitor, slot);
      } else {
        next = Math.min(next, slot.touchedAt + (slot.pending() && slot.late() ? quietMs : keptMs));
      }
    }
    if (next != Visitor.NONE) {
      armProcessingTimer(visitor, next);
    } else {
      disarmEventTimer(visitor);
      cache.drop(visitor);
    }
    cache.evict(visitor.key());
  }

  /** Sends the session's row to the lake, and before it takes back what it replaces. */
  private void write(Visitor visitor, Slot slot) throws Exception {
    StoredSession stored = cache.stored(visitor, slot);
    stored.revision++;
    Session row =
        SessionRules.session(visitor.tenant, visitor.visitorId, stored.content, stored.revision);
    boolean replaces = false;
    if (stored.outdated != null) {
      for (Session outdated : stored.outdated) {
        boolean sameId = outdated.sessionId.equals(row.sessionId);
        replaces |= sameId;
        emit(sameId ? RowKind.UPDATE_BEFORE : RowKind.DELETE, outdated);
      }
    }
    emit(replaces ? RowKind.UPDATE_AFTER : RowKind.INSERT, row);
    stored.outdated = null;
    slot.status = 0;
    show(visitor, slot);
    cache.changed(visitor, slot);
  }

  private void emit(RowKind kind, Session session) {
    output.collect(CHANGES, new StreamRecord<>(new SessionChange(kind, session)));
  }

  private void armEventTimer(Visitor visitor, long at) {
    if (at < visitor.eventTimer) {
      disarmEventTimer(visitor);
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, at);
      visitor.eventTimer = at;
      visitor.setDirty();
    }
  }

  private void disarmEventTimer(Visitor visitor) {
    if (visitor.eventTimer != Visitor.NONE) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, visitor.eventTimer);
      visitor.eventTimer = Visitor.NONE;
      visitor.setDirty();
    }
  }

  private void armProcessingTimer(Visitor visitor, long at) {
    if (at < visitor.processingTimer) {
      if (visitor.processingTimer != Visitor.NONE) {
        timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, visitor.processingTimer);
      }
      timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, at);
      visitor.processingTimer = at;
      visitor.setDirty();
    }
  }

  /** Marks the session for the hot store, unless it is too old to be shown there. */
  private void show(Visitor visitor, Slot slot) {
    if (slot.endedAt >= getProcessingTimeService().getCurrentProcessingTime() - liveKeptMs) {
      slot.stored.shown = true; // it will be within a second
      changed.put(slot, visitor);
    }
  }

  private void scheduleLive() {
    var service = getProcessingTimeService();
    service.registerTimer(
        service.getCurrentProcessingTime() + LIVE_INTERVAL_MS,
        at -> {
          flushLive();
          scheduleLive();
        });
  }

  private void flushLive() throws Exception {
    for (Map.Entry<Slot, Visitor> entry : changed.entrySet()) {
      Slot slot = entry.getKey();
      if (slot.joined) {
        continue;
      }
      Visitor visitor = entry.getValue();
      StoredSession stored = slot.stored;
      LiveSession live = new LiveSession();
      live.session =
          SessionRules.session(visitor.tenant, visitor.visitorId, stored.content, stored.revision);
      live.closed = !slot.pending();
      live.version = stored.content.events * 2 + (live.closed ? 1 : 0);
      output.collect(LIVE, new StreamRecord<>(live));
    }
    changed.clear();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flushLive();
    cache.flush();
  }

  private static Duplicate duplicate(Event event, long originalPlace) {
    Duplicate duplicate = new Duplicate();
    duplicate.tenant = event.tenant;
    duplicate.eventId = event.eventId;
    duplicate.visitorId = event.visitorId;
    duplicate.receivedAt = event.receivedAt;
    duplicate.kafkaPartition = event.kafkaPartition;
    duplicate.kafkaOffset = event.kafkaOffset;
    duplicate.originalPartition = KafkaPlace.partition(originalPlace);
    duplicate.originalOffset = KafkaPlace.offset(originalPlace);
    return duplicate;
  }
}
