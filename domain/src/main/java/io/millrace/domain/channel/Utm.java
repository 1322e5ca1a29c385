package io.millrace.domain.channel;

/**
 * The campaign tags of a visit, decoded; null where there is none.
 *
 * @param source who sends the visitor, for example {@code newsletter}
 * @param medium by what means, for example {@code email}
 * @param campaign which campaign
 * @param term which search term was paid for
 * @param content which of several links
 */
public record Utm(String source, String medium, String campaign, String term, String content) {
  public static final Utm NONE = new Utm(null, null, null, null, null);

  /** These tags, and where one of them says nothing the other's. */
  public Utm or(Utm other) {
    return new Utm(
        given(source, other.source),
        given(medium, other.medium),
        given(campaign, other.campaign),
        given(term, other.term),
        given(content, other.content));
  }

  private static String given(String first, String second) {
    return first == null || first.isBlank() ? second : first;
  }

  /** Whether these tags alone make the visit a campaign's: term and content do not. */
  boolean namesCampaign() {
    return source != null || medium != null || campaign != null;
  }
}
