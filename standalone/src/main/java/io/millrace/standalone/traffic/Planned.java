package io.millrace.standalone.traffic;

/**
 * An event of the demo, and when and how it is to be sent.
 *
 * @param historical whether it goes with the historical key; otherwise with the live key, and with
 *     the time of sending
 * @param dueAt epoch ms; of history only the order matters, a live event is sent at this time
 */
public record Planned(String tenant, OutgoingEvent event, boolean historical, long dueAt) {}
