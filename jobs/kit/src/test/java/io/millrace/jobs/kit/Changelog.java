package io.millrace.jobs.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/** A seeded history of a table, with everything that can happen to a row, and what it comes to. */
final class Changelog implements FlatMapFunction<Long, Changelog.Change> {
  private static final long serialVersionUID = 1L;
  private static final int VISITORS = 300;

  /** One row that comes or goes. */
  public static final class Change {
    public byte kind;
    public long step;

    /** Whose row it is: all of its changes leave one subtask in order. */
    public String visitor;

    public String id;
    public long at;
    public long value;

    RowKind rowKind() {
      return RowKind.fromByteValue(kind);
    }
  }

  private final long seed;
  private final int steps;
  private transient List<List<Change>> history;

  Changelog(long seed, int steps) {
    this.seed = seed;
    this.steps = steps;
  }

  int steps() {
    return steps;
  }

  @Override
  public void flatMap(Long step, Collector<Change> out) {
    if (history == null) {
      history = history();
    }
    history.get(step.intValue()).forEach(out::collect);
  }

  /** What a plain recomputation gives: value and time of each row by its id. */
  TreeMap<String, String> rows() {
    TreeMap<String, String> rows = new TreeMap<>();
    for (List<Change> step : history()) {
      for (Change change : step) {
        if (change.rowKind() == RowKind.INSERT || change.rowKind() == RowKind.UPDATE_AFTER) {
          rows.put(
              change.id,
              Instant.ofEpochMilli(change.at).atOffset(ZoneOffset.UTC) + " " + change.value);
        } else {
          rows.remove(change.id);
        }
      }
    }
    return rows;
  }

  private List<List<Change>> history() {
    Random random = new Random(seed);
    List<List<Change>> history = new ArrayList<>();
    List<List<Change>> rowsOf = new ArrayList<>();
    for (int i = 0; i < VISITORS; i++) {
      rowsOf.add(new ArrayList<>());
    }
    for (int step = 0; step < steps; step++) {
      int visitor = random.nextInt(VISITORS);
      List<Change> rows = rowsOf.get(visitor);
      List<Change> changes = new ArrayList<>();
      int dice = rows.isEmpty() ? 0 : random.nextInt(100);
      if (dice < 45) {
        rows.add(
            add(changes, RowKind.INSERT, row(random, step, visitor, "id" + seed + '-' + step)));
      } else {
        Change old = rows.remove(random.nextInt(rows.size()));
        if (dice < 65) { // restated on the same day
          add(changes, RowKind.UPDATE_BEFORE, old);
          rows.add(add(changes, RowKind.UPDATE_AFTER, with(old, step, old.id, old.at)));
        } else if (dice < 72) { // restated twice at once
          add(changes, RowKind.UPDATE_BEFORE, old);
          Change middle = add(changes, RowKind.UPDATE_AFTER, with(old, step, old.id, old.at));
          add(changes, RowKind.UPDATE_BEFORE, middle);
          Change last = with(middle, step, old.id, old.at);
          last.value++;
          rows.add(add(changes, RowKind.UPDATE_AFTER, last));
        } else if (dice < 80) { // moved to another day
          add(changes, RowKind.UPDATE_BEFORE, old);
          long earlier = old.at - Duration.ofDays(1).toMillis();
          rows.add(add(changes, RowKind.UPDATE_AFTER, with(old, step, old.id, earlier)));
        } else if (dice < 87) { // id and day moved
          add(changes, RowKind.DELETE, old);
          long earlier = old.at - Duration.ofDays(1).toMillis();
          rows.add(add(changes, RowKind.INSERT, with(old, step, old.id + 'm', earlier)));
        } else if (dice < 93) { // withdrawn
          add(changes, RowKind.DELETE, old);
        } else { // the same id goes and comes
          add(changes, RowKind.DELETE, old);
          rows.add(add(changes, RowKind.INSERT, with(old, step, old.id, old.at)));
        }
      }
      for (Change change : changes) {
        change.step = step;
      }
      history.add(changes);
    }
    return history;
  }

  private static Change add(List<Change> changes, RowKind kind, Change row) {
    Change change = with(row, row.value, row.id, row.at);
    change.kind = kind.toByteValue();
    changes.add(change);
    return change;
  }

  private static Change row(Random random, long value, int visitor, String id) {
    Change row = new Change();
    row.visitor = "v" + visitor;
    row.id = id;
    row.at = Duration.ofHours(20_000L * 24 + random.nextInt(3 * 24)).toMillis();
    row.value = value;
    return row;
  }

  private static Change with(Change row, long value, String id, long at) {
    Change changed = new Change();
    changed.visitor = row.visitor;
    changed.id = id;
    changed.at = at;
    changed.value = value;
    return changed;
  }
}
