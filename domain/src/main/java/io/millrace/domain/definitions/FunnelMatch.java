package io.millrace.domain.definitions;

/**
 * An event can be one or several steps of a funnel; what a funnel is comes with it, so that whoever
 * counts needs no definitions. A Flink POJO.
 */
public final class FunnelMatch {
  public String funnel;

  /** Version of the funnel's definition: steps of two versions never mix. */
  public String version;

  /** Whether the steps must be in one session; else anywhere in the visitor's history. */
  public boolean perSession;

  /** Longest time from the first step to the last, in ms. */
  public long withinMs;

  /** Numbers of the steps, from 1, ascending. */
  public int[] steps;

  /** Their names, in the same order. */
  public String[] names;

  /** How many steps the funnel has; 0 of matches that were kept before that was said. */
  public int stepsInAll;
}
