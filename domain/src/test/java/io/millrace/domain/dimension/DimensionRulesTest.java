package io.millrace.domain.dimension;

import static io.millrace.domain.dimension.DimensionChange.Kind.DELETED;
import static io.millrace.domain.dimension.DimensionChange.Kind.FOUND;
import static io.millrace.domain.dimension.DimensionChange.Kind.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DimensionRulesTest {
  /**
   * Changes as kind, time and title: {@code w10a} is written at 10 with title a, {@code f} found,
   * {@code d} deleted. Versions as title[from,to).
   */
  @ParameterizedTest(name = "{0}: {1} gives {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "an insert opens                             | w10a               | a[10,)",
        "an update closes and opens                  | w10a w20b          | a[10,20) b[20,)",
        "a delete closes                             | w10a d30           | a[10,30)",
        "a row that comes again opens again          | w10a d30 w40b      | a[10,30) b[40,)",
        "an update that changes nothing              | w10a w20a          | a[10,)",
        "a row that is found again                   | w10a f20a          | a[10,)",
        "two updates in the same ms: the last counts | w10a w20b w20c     | a[10,20) c[20,)",
        "inserted and deleted in the same ms         | w10a d10           |",
        "updated and deleted in the same ms          | w10a w20b d20      | a[10,20)",
        "deleted and inserted in the same ms         | w10a d20 w20b      | a[10,20) b[20,)",
        "a delete of a row that never was            | d10                |",
        "a second delete                             | w10a d20 d30       | a[10,20)",
        "an update of a row that never was           | w20b               | b[20,)",
        "a clock that goes back                      | w10a w30b w20c     | a[10,30) c[30,)",
        "a clock that goes back before a delete      | w10a w30b d20      | a[10,30)",
        "a clock that goes back after a delete       | w10a d30 w20b      | a[10,30) b[30,)",
        "missed changes are found at the reading     | w10a f50b          | a[10,50) b[50,)",
        "all changes come again                      | w10a w20b d30 w10a w20b d30 | a[10,20) b[20,30)",
      })
  void writesTheHistoryOfARow(String name, String changes, String expected) {
    assertThat(text(history(changes(changes)))).isEqualTo(expected == null ? "" : expected.trim());
  }

  @ParameterizedTest(name = "created {0}, updated {1}: from {2}")
  @CsvSource({",,100", "40,,40", "40,60,60", ",60,60", "40,120,100", "120,,100"})
  void takesARowThatWasFoundAsItSaysItself(Long createdAt, Long updatedAt, long from) {
    DimensionChange found = change(FOUND, 100, "a");
    found.row.createdAt = createdAt;
    found.row.updatedAt = updatedAt;

    assertThat(DimensionRules.apply(null, found).after())
        .containsExactly(new DimensionVersion(found.row, from, null));
  }

  @ParameterizedTest(name = "updated {0}: from {1}")
  @CsvSource({",100", "60,60", "10,100", "120,100"})
  void takesAMissedChangeThatWasFoundAsItSaysItself(Long updatedAt, long from) {
    KeptDimension kept = DimensionRules.apply(null, change(WRITTEN, 10, "a")).kept();
    DimensionChange found = change(FOUND, 100, "b");
    found.row.createdAt = 5L;
    found.row.updatedAt = updatedAt;

    assertThat(DimensionRules.apply(kept, found).after())
        .containsExactly(
            new DimensionVersion(kept.row, 10, from), new DimensionVersion(found.row, from, null));
  }

  @Test
  void givesARowTheLargeValuesThatItsSourceDidNotRepeat() {
    DimensionChange first = change(WRITTEN, 10, "long title");
    first.row.attributes = "{\"notes\":\"long notes\",\"position\":1}";
    KeptDimension kept = DimensionRules.apply(null, first).kept();
    DimensionChange update = change(WRITTEN, 20, null);
    update.row.attributes = "{\"position\":2}";
    update.untold = new String[] {"title", "notes"};

    DimensionRow now = DimensionRules.apply(kept, update).kept().row;

    assertThat(now.title).isEqualTo("long title");
    assertThat(now.attributes).isEqualTo("{\"notes\":\"long notes\",\"position\":2}");
  }

  @Test
  void leavesAValueOpenThatNobodyKnows() {
    DimensionChange update = change(WRITTEN, 20, null);
    update.untold = new String[] {"title", "notes"};

    DimensionRow now = DimensionRules.apply(null, update).kept().row;

    assertThat(now.title).isNull();
    assertThat(now.attributes).isEqualTo("{\"notes\":null}");
  }

  @ParameterizedTest
  @CsvSource({"10,20,9,false", "10,20,10,true", "10,20,19,true", "10,20,20,false", "10,,99,true"})
  void isValidFromItsStartUntilBeforeItsEnd(long from, Long to, long at, boolean valid) {
    DimensionVersion version = new DimensionVersion(new DimensionRow(), from, to);

    assertThat(DimensionRules.isValidAt(version, at)).isEqualTo(valid);
  }

  @Property
  void oneVersionAtMostIsValidAtAnyTimeAndItIsTheLastThatWasWritten(
      @ForAll @Size(max = 12) List<@IntRange(max = 39) Integer> dice) {
    List<DimensionChange> changes = inTime(dice);

    List<DimensionVersion> versions = history(changes);

    for (long at = 0; at <= 2L * dice.size() + 1; at++) {
      long time = at;
      String expected = null;
      for (DimensionChange change : changes) {
        if (change.at <= time) {
          expected = change.kind == DELETED ? null : change.row.title;
        }
      }
      assertThat(versions.stream().filter(v -> DimensionRules.isValidAt(v, time)))
          .extracting(v -> v.row.title)
          .isEqualTo(expected == null ? List.of() : List.of(expected));
    }
  }

  @Property
  void changesThatComeAgainFromAnyPointOnLeaveTheHistoryAsItWas(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 39) Integer> dice,
      @ForAll @IntRange(max = 11) int point) {
    List<DimensionChange> changes = inTime(dice);
    List<DimensionChange> again = new ArrayList<>(changes);
    again.addAll(changes.subList(point % changes.size(), changes.size()));

    assertThat(history(again)).containsExactlyInAnyOrderElementsOf(history(changes));
  }

  /** One change after the other, some in the same ms: kind, title and pause from each die. */
  private static List<DimensionChange> inTime(List<Integer> dice) {
    List<DimensionChange> changes = new ArrayList<>();
    long at = 0;
    for (int die : dice) {
      at += die % 3;
      boolean deletes = die % 4 == 0;
      changes.add(change(deletes ? DELETED : WRITTEN, at, deletes ? null : "t" + die % 5));
    }
    return changes;
  }

  private static List<DimensionChange> changes(String words) {
    List<DimensionChange> changes = new ArrayList<>();
    for (String word : words.trim().split(" ")) {
      String time = word.replaceAll("\\D", "");
      String title = word.substring(1 + time.length());
      changes.add(
          change(
              word.startsWith("w") ? WRITTEN : word.startsWith("f") ? FOUND : DELETED,
              Long.parseLong(time),
              title));
    }
    return changes;
  }

  private static DimensionChange change(DimensionChange.Kind kind, long at, String title) {
    DimensionChange change = new DimensionChange();
    change.dimension = Dimension.LINKS;
    change.kind = kind;
    change.at = at;
    change.row = new DimensionRow();
    change.row.tenant = "shop";
    change.row.id = "l1";
    change.row.title = title;
    return change;
  }

  /** What a table with the key (tenant, id, valid_from) holds in the end. */
  private static List<DimensionVersion> history(List<DimensionChange> changes) {
    Map<Long, DimensionVersion> table = new LinkedHashMap<>();
    KeptDimension kept = null;
    for (DimensionChange change : changes) {
      DimensionRules.Outcome outcome = DimensionRules.apply(kept, change);
      kept = outcome.kept();
      if (outcome.before() != null) {
        assertThat(table.remove(outcome.before().validFrom)).isEqualTo(outcome.before());
      }
      for (DimensionVersion version : outcome.after()) {
        assertThat(table.put(version.validFrom, version)).isNull();
        assertThat(version.validTo == null || version.validTo > version.validFrom).isTrue();
      }
    }
    return List.copyOf(table.values());
  }

  private static String text(List<DimensionVersion> versions) {
    List<String> words = new ArrayList<>();
    for (DimensionVersion v : versions) {
      words.add(v.row.title + '[' + v.validFrom + ',' + (v.validTo == null ? "" : v.validTo) + ')');
    }
    return String.join(" ", words);
  }
}
