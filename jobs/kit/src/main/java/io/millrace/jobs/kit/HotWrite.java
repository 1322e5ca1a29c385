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
   * Sorted set that lists {@link #member}; null for none. A withdrawn value leaves it.
   *
   * <p>Where keys hold the values, scores are times, and a member leaves when its score lies as far
   * back as its key was to be kept after it. Where a hash does, members are its fields, and the set
   * is kept as long as the hash.
   */
  public String index;

  /** The end of {@link #key}, or {@link #field}. */
  public String member;

  public double score;

  /**
   * How many members the index keeps, those with the highest scores, of equal ones the last in the
   * alphabet: the others go with their values. 0: all.
   */
  public int keep;

  /** What this write is about: of two for the same target the newer version counts. */
  String target() {
    return field == null ? key : key + '\n' + field;
  }
}
