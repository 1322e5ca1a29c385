package io.millrace.jobs.kit;

/** One value for the hot store: absolute, so that writing it again changes nothing. */
public final class HotWrite {
  public String key;

  /** Field of a hash; null where the key itself holds the value. */
  public String field;

  /** The store keeps the value with the highest version. */
  public long version;

  /** JSON; null to mark the value as withdrawn. */
  public String value;

  /** When the store may forget the key, epoch ms. */
  public long expiresAt;

  /**
   * Sorted set that lists {@link #member}; null for none. A withdrawn value leaves it, and so does
   * one whose score lies as far back as its key was to be kept after it.
   */
  public String index;

  public String member;
  public double score;

  /** What this write is about: of two for the same target the newer version counts. */
  String target() {
    return field == null ? key : key + '\n' + field;
  }
}
