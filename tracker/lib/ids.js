/**
 * A UUIDv7 (RFC 9562): it begins with its time, so ids sort by when they were made.
 *
 * `crypto.randomUUID` gives version 4, and only on https.
 */
export function uuidv7(atMillis) {
  const time = atMillis.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7xxx-yxxx-xxxxxxxxxxxx`.replace(/[xy]/g, (place) => {
    const [random] = crypto.getRandomValues(new Uint8Array(1));
    return (place == 'x' ? random & 15 : 8 | (random & 3)).toString(16);
  });
}

/** Where a visitor falls in [0, 1), the same at every visit; NaN for an id that is not ours. */
export function share(visitorId) {
  return parseInt(visitorId.slice(-8), 16) / 2 ** 32;
}
