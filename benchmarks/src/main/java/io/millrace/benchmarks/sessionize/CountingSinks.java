package io.millrace.benchmarks.sessionize;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.sessions.Duplicate;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.types.RowKind;

/** Sinks that count and discard. */
final class CountingSinks {
  private CountingSinks() {}

  /** What a record adds to the tally. */
  interface Count<T> extends BiConsumer<Tally, T>, java.io.Serializable {}

  static final Count<Event> EVENTS = (tally, event) -> tally.events.increment();
  static final Count<Duplicate> DUPLICATES = (tally, duplicate) -> tally.duplicates.increment();
  static final Count<SessionChange> SESSIONS = CountingSinks::count;

  private static void count(Tally tally, SessionChange change) {
    if (change.rowKind() == RowKind.INSERT) {
      tally.sessions.increment();
      tally.sessionEvents.add(change.session.events);
      tally.sessionMs.add(change.session.durationMs());
    } else {
      tally.otherChanges.increment();
    }
  }

  record CountingSink<T>(String run, Count<T> count) implements Sink<T> {
    @Deprecated
    @Override
    public SinkWriter<T> createWriter(Sink.InitContext context) {
      throw new UnsupportedOperationException("Flink 1.20 calls createWriter(WriterInitContext)");
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
      return new Writer<>(Tally.of(run), count);
    }
  }

  private record Writer<T>(Tally tally, Count<T> count) implements SinkWriter<T> {
    @Override
    public void write(T element, Context context) {
      count.accept(tally, element);
    }

    @Override
    public void flush(boolean endOfInput) {
      // Nothing is kept back.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
