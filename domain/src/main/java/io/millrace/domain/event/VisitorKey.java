package io.millrace.domain.event;

/**
 * The key of everything that belongs to one visitor: the Kafka record key and the Flink key are the
 * same text.
 */
public final class VisitorKey {
  private VisitorKey() {}

  /** Tenant, a bar, visitor: a tenant's name holds no bar, so no two visitors share a key. */
  public static String of(String tenant, String visitorId) {
    return tenant + '|' + visitorId;
  }
}
