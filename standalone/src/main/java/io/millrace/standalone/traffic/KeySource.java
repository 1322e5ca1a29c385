package io.millrace.standalone.traffic;

/** Gives the write keys of a tenant. */
public interface KeySource {
  /** The key whose events happen now: the gateway corrects their clocks. */
  String liveKey(String tenant);

  /** The key whose events keep their own time. */
  String historicalKey(String tenant);
}
