export const VERSION = '0.1.0';

/** fetch keepalive and sendBeacon take 64 KiB in all requests of a page together. */
const MAX_BODY_BYTES = 60_000;
const MAX_BATCH_EVENTS = 500;
const TIMEOUT_MILLIS = 30_000;
const MAX_BACKOFF_MILLIS = 60_000;

/**
 * Sends what is in the queue. An event leaves the queue only when the gateway has answered for it:
 * stored, or refused for good. Sending one twice is harmless, as the pipeline knows its id.
 */
export function createDelivery(config, queue, mayLeave, emit) {
  const url = `${config.endpoint}?key=${encodeURIComponent(config.key)}`;
  const underWay = new Set(); // batches that wait for their answer
  let maxEvents = MAX_BATCH_EVENTS;
  let failures = 0;
  let waitMillis;
  let timer;
  let draining;

  /** The oldest events that fit one request and are not on their way already, by their keys. */
  function nextBatch() {
    const batch = new Map();
    let bytes = 0;
    for (const key of mayLeave() ? queue.keys() : []) {
      const text = ![...underWay].some((other) => other.has(key)) && queue.get(key);
      if (text) {
        bytes += new Blob([text]).size + 1;
        if (batch.size && (bytes > MAX_BODY_BYTES || batch.size >= maxEvents)) {
          break;
        }
        batch.set(key, text);
      }
    }
    return batch;
  }

  const body = (batch) =>
    '{"events":[' + [...batch.values()] + '],"metadata":{"sentAt":' + Date.now() + ',"sdkVersion":"' + VERSION + '"}}';

  /** Whether to go on with the next batch at once. */
  async function send(batch, leaving) {
    underWay.add(batch);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: body(batch), // a text goes as text/plain, which asks for no preflight
        // Outlives the page. Where the 64 KiB are used up that is refused, so a second try goes without.
        keepalive: leaving || !failures,
        signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      });
      const { status } = response;
      const answer = await response.json().catch(() => ({})); // 204 has none
      const split = status == 413 || (status == 400 && answer.code);
      if (status != 204 && !answer.rejected && !split) {
        return failed(status, response.headers.get('Retry-After')); // also what is no gateway's answer
      }
      if (split && batch.size > 1) {
        maxEvents = batch.size >> 1; // the batch as a whole is too much, or one event spoils it
        return true;
      }
      const { rejected = split ? [{ index: 0, ...answer }] : [] } = answer;
      maxEvents = MAX_BATCH_EVENTS;
      failures = 0;
      [...batch.keys()].forEach(queue.remove);
      const texts = [...batch.values()];
      rejected.forEach((why) => emit('refused', { event: texts[why.index], ...why }));
      return true;
    } catch (error) {
      failed(error);
    } finally {
      underWay.delete(batch);
    }
  }

  /** Nothing is lost: it all stays queued until the gateway answers. */
  function failed(reason, retryAfterSeconds) {
    const backoff = Math.min(MAX_BACKOFF_MILLIS, 500 * 2 ** failures++);
    waitMillis = Math.max(backoff * (1 + Math.random()), retryAfterSeconds * 1000 || 0);
    emit('failed', reason);
  }

  async function drain() {
    let batch;
    while ((batch = nextBatch()).size && (await send(batch))) {
      // until all is sent, or the gateway is away
    }
  }

  /** One tab sends for all, most of the time; where there are no locks each sends. */
  const alone = (task) =>
    navigator.locks
      ?.request(`millrace.${config.key}`, { ifAvailable: true }, (lock) => lock && task())
      .catch(task) ?? task();

  function flush() {
    timer = clearTimeout(timer);
    draining ||= alone(drain).finally(() => {
      draining = null;
      schedule();
    });
    return draining;
  }

  function schedule() {
    if (queue.keys()[0]) {
      timer ??= setTimeout(flush, failures ? waitMillis : config.flushIntervalMillis);
    }
  }

  return {
    flush,

    /** Sends soon, at once where a batch is full. */
    added: () => (!failures && queue.keys().length >= config.batchSize ? flush() : schedule()),

    /** Sends one last batch from a page that may be gone before the answer comes. */
    leaving() {
      const batch = nextBatch();
      if (batch.size) {
        if ('keepalive' in Request.prototype) {
          send(batch, true);
        } else {
          navigator.sendBeacon(url, body(batch)); // has no answer: the events stay and go again
          underWay.add(batch);
          setTimeout(() => underWay.delete(batch), TIMEOUT_MILLIS);
        }
      }
    },

    online() {
      failures = 0;
      flush();
    },
  };
}
