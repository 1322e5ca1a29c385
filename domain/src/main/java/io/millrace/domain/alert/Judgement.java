package io.millrace.domain.alert;

/**
 * What a condition says of a fact.
 *
 * @param severity null where the rule's counts
 * @param expected NaN where nothing particular is, as are the bounds
 * @param explanation a sentence for people
 */
record Judgement(
    boolean breach,
    Severity severity,
    double expected,
    double lower,
    double upper,
    String explanation) {
  static Judgement of(boolean breach, double expected, String explanation) {
    return new Judgement(breach, null, expected, Double.NaN, Double.NaN, explanation);
  }
}
