package io.millrace.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that remembers. */
final class Heard implements ClientListener {
  final List<RefusedEvent> refused = new CopyOnWriteArrayList<>();
  final List<String> opened = new CopyOnWriteArrayList<>();
  final List<String> closed = new CopyOnWriteArrayList<>();

  @Override
  public void refused(RefusedEvent event) {
    refused.add(event);
  }

  @Override
  public void circuitOpened(String reason) {
    opened.add(reason);
  }

  @Override
  public void circuitClosed() {
    closed.add("closed");
  }
}
