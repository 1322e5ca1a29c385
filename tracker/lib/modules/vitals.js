/** How fast the page was: one `web_vitals`, when the visitor first looks away. Times in ms. */
export const vitals = () => ({ track, on }) => {
  const values = {};
  const interactions = new Map();
  let hiddenAt = document.visibilityState == 'hidden' ? 0 : Infinity;
  let told = false;
  let shift = { first: 0, last: 0, sum: 0 };
  const observers = [];

  const readers = {
    paint({ name, startTime }) {
      if (name == 'first-contentful-paint' && startTime < hiddenAt) {
        values.fcp = startTime;
      }
    },
    'largest-contentful-paint'({ startTime }) {
      if (startTime < hiddenAt) {
        values.lcp = startTime;
      }
    },
    /** The worst burst: shifts less than 1 s apart, in at most 5 s. */
    'layout-shift'({ startTime, value, hadRecentInput }) {
      if (!hadRecentInput) {
        const same = startTime - shift.last < 1000 && startTime - shift.first < 5000;
        shift = { first: same ? shift.first : startTime, last: startTime, sum: (same ? shift.sum : 0) + value };
        values.cls = Math.max(values.cls, shift.sum);
      }
    },
    event({ interactionId, duration }) {
      if (interactionId) {
        interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
      }
    },
  };

  for (const type in readers) {
    if (PerformanceObserver.supportedEntryTypes.includes(type)) {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(readers[type]));
      observer.observe({ type, buffered: true, durationThreshold: 16 });
      observers.push([observer, readers[type]]);
      values.cls ??= type == 'layout-shift' ? 0 : undefined;
    }
  }
  addEventListener(
    'visibilitychange',
    (event) => {
      hiddenAt = Math.min(hiddenAt, event.timeStamp);
    },
    true,
  );

  /** The longest interaction, of which one in fifty is left out as an outlier. */
  function inp() {
    const durations = [...interactions.values()].sort((a, b) => b - a);
    return durations[Math.min(durations.length - 1, Math.floor(durations.length / 50))];
  }

  on('leave', () => {
    if (!told) {
      told = true;
      for (const [observer, reader] of observers) {
        observer.takeRecords().forEach(reader);
        observer.disconnect();
      }
      const { responseStart, loadEventEnd } = performance.getEntriesByType('navigation')[0] ?? {};
      track('web_vitals', {
        lcp: rounded(values.lcp),
        fcp: rounded(values.fcp),
        cls: values.cls === undefined ? undefined : Math.round(values.cls * 10000) / 10000,
        inp: rounded(inp()),
        ttfb: rounded(responseStart),
        loadTime: rounded(loadEventEnd || undefined),
      });
    }
  });
};

const rounded = (millis) => (millis === undefined ? undefined : Math.round(millis));
