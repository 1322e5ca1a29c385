package io.millrace.client;

/** An event on its way: its id and its JSON as it will be sent, again and again if need be. */
final class QueuedEvent {
  private final String eventId;
  private final byte[] json;

  QueuedEvent(String eventId, byte[] json) {
    this.eventId = eventId;
    this.json = json;
  }

  String eventId() {
    return eventId;
  }

  /** Not copied, so not to be changed. */
  byte[] json() {
    return json;
  }
}
