/**
 * Events that no gateway has confirmed yet, each under a key of its own.
 *
 * One key for each event, rather than one list: two tabs can then add and remove at the same time
 * without a lock, and what a closed tab left behind belongs to all.
 */
export function openQueue(storage, prefix, maxChars) {
  const keys = () => storage.keys(prefix);
  return {
    ...storage,
    keys,

    /**
     * Adds an event. Where the queue is too long the oldest ones go, and the new one tells how many.
     * That number moves on when its event has to go itself, so that it reaches the gateway.
     */
    add(event) {
      let room = maxChars;
      let dropped = 0;
      for (const key of keys().reverse()) {
        const other = storage.get(key) ?? '';
        if ((room -= other.length) < 0) {
          dropped += 1 + +(/"droppedEvents":(\d+)/.exec(other)?.[1] ?? 0);
          storage.remove(key);
        }
      }
      event.properties.droppedEvents = dropped || undefined;
      storage.set(prefix + event.eventId, JSON.stringify(event));
    },

    clear: () => keys().forEach(storage.remove),
  };
}
