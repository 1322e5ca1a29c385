package io.millrace.domain.dimension;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.TreeMap;

/**
 * The history of a row: an insert opens, an update closes and opens, a delete closes.
 *
 * <p>The versions of a row never overlap, and each is valid for some time: of several changes in
 * the same millisecond the last one counts. Time does not run backwards within a row: a change that
 * claims to be older than the version it ends replaces that version. So whatever part of the
 * changes comes again, from any point on, the history ends up the same.
 */
public final class DimensionRules {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

  private DimensionRules() {}

  /**
   * What a change does.
   *
   * @param kept what to remember from now on; null if there never was such a row
   * @param before the version that goes, as it was written; null if none does
   * @param after the versions that come; the first takes the place of {@code before}
   */
  public record Outcome(
      KeptDimension kept, DimensionVersion before, List<DimensionVersion> after) {}

  /** Whether a version is the one to join with what happened at this time. */
  public static boolean isValidAt(DimensionVersion version, long epochMs) {
    return version.validFrom <= epochMs && (version.validTo == null || epochMs < version.validTo);
  }

  /**
   * Goes on with a history.
   *
   * @param kept what was remembered; null at first
   */
  public static Outcome apply(KeptDimension kept, DimensionChange change) {
    boolean exists = kept != null && kept.row != null;
    if (change.kind == DimensionChange.Kind.DELETED) {
      return exists ? close(kept, change.at) : nothing(kept);
    }
    if (!exists) {
      long from = firstValid(change);
      complete(change, null);
      return open(change.row, kept == null ? from : Math.max(from, kept.since));
    }
    complete(change, kept.row);
    return change.row.equals(kept.row) ? nothing(kept) : replace(kept, change);
  }

  private static Outcome nothing(KeptDimension kept) {
    return new Outcome(kept, null, List.of());
  }

  private static Outcome open(DimensionRow row, long from) {
    KeptDimension kept = new KeptDimension(row, from);
    return new Outcome(kept, null, List.of(kept.open()));
  }

  private static Outcome replace(KeptDimension kept, DimensionChange change) {
    long from = changed(kept, change);
    KeptDimension next = new KeptDimension(change.row, Math.max(from, kept.since));
    return new Outcome(
        next,
        kept.open(),
        from <= kept.since ? List.of(next.open()) : List.of(kept.closedAt(from), next.open()));
  }

  private static Outcome close(KeptDimension kept, long at) {
    KeptDimension gone = new KeptDimension(null, Math.max(at, kept.since));
    return new Outcome(
        gone, kept.open(), at <= kept.since ? List.of() : List.of(kept.closedAt(at)));
  }

  /**
   * A row that was there already says by its own columns since when it has been as it is; what was
   * written while we looked on has the time of its commit.
   */
  private static long firstValid(DimensionChange change) {
    if (change.kind == DimensionChange.Kind.FOUND) {
      DimensionRow row = change.row;
      Long own = row.updatedAt != null ? row.updatedAt : row.createdAt;
      return own == null ? change.at : Math.min(own, change.at);
    }
    return change.at;
  }

  /** When a row became another; of one that was found to be so, as near as can be known. */
  private static long changed(KeptDimension kept, DimensionChange change) {
    Long updatedAt = change.row.updatedAt;
    boolean known =
        change.kind == DimensionChange.Kind.FOUND
            && updatedAt != null
            && updatedAt > kept.since
            && updatedAt < change.at;
    return known ? updatedAt : change.at;
  }

  /** Gives the row the values that the source did not repeat; null where nobody knows them. */
  private static void complete(DimensionChange change, DimensionRow known) {
    if (change.untold == null) {
      return;
    }
    for (String column : change.untold) {
      if (change.dimension.knows(column)) {
        completeColumn(change.row, known, column);
      } else {
        completeAttribute(change.row, known, column);
      }
    }
  }

  private static void completeColumn(DimensionRow row, DimensionRow known, String column) {
    switch (column) {
      case "owner_id" -> row.ownerId = known == null ? null : known.ownerId;
      case "title" -> row.title = known == null ? null : known.title;
      case "name" -> row.name = known == null ? null : known.name;
      case "username" -> row.username = known == null ? null : known.username;
      case "url" -> row.url = known == null ? null : known.url;
      case "custom_domain" -> row.customDomain = known == null ? null : known.customDomain;
      case "campaign" -> row.campaign = known == null ? null : known.campaign;
      case "currency" -> row.currency = known == null ? null : known.currency;
      case "plan" -> row.plan = known == null ? null : known.plan;
      default ->
          throw new IllegalArgumentException(
              "Cannot leave out column " + column + ": only text is ever too large to repeat");
    }
  }

  private static void completeAttribute(DimensionRow row, DimensionRow known, String column) {
    Object value = known == null ? null : attributes(known.attributes).get(column);
    TreeMap<String, Object> all = attributes(row.attributes);
    all.put(column, value);
    row.attributes = attributes(all);
  }

  private static TreeMap<String, Object> attributes(String json) {
    try {
      return json == null ? new TreeMap<>() : JSON.readValue(json, OBJECT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read attributes that were written here: " + json, e);
    }
  }

  /** Columns by name as the text of {@link DimensionRow#attributes}. */
  public static String attributes(TreeMap<String, Object> values) {
    try {
      return values.isEmpty() ? null : JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write attributes " + values.keySet(), e);
    }
  }
}
