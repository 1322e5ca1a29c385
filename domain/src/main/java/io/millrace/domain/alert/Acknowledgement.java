package io.millrace.domain.alert;

/** Somebody has seen an alert, so it goes to nobody further. */
public record Acknowledgement(String tenant, String alertId, long atMillis) implements Fact {
  @Override
  public long knownAtMillis() {
    return atMillis;
  }

  @Override
  public String key() {
    return "acknowledgement|" + alertId;
  }

  @Override
  public long revision() {
    return 0;
  }
}
