import { createTracker } from '@millrace/tracker';
import { createContext, createElement, useContext, useEffect, useMemo, useRef } from 'react';

const Tracker = createContext(null);

/** One tracker for each write key, however often React mounts the provider. */
const trackers = new Map();

/** Runs the call now, or once the tracker is there. */
function createHandle(key) {
  let waiting = [];
  const call = (name) => (...args) => {
    const tracker = trackers.get(key);
    if (tracker) {
      return tracker[name](...args);
    }
    waiting.push([name, args]);
  };
  return {
    start(options) {
      if (!trackers.has(key)) {
        trackers.set(key, createTracker(options));
      }
      waiting.splice(0).forEach(([name, args]) => trackers.get(key)[name](...args));
    },
    api: { track: call('track'), pageView: call('pageView'), identify: call('identify'), consent: call('consent') },
  };
}

/** Starts the tracker in the browser, and gives it to all components below. */
export function TrackerProvider({ options, children }) {
  const handle = useMemo(() => createHandle(options.key), [options.key]);
  const first = useRef(options);
  useEffect(() => handle.start({ ...first.current, key: options.key }), [handle, options.key]);
  return createElement(Tracker.Provider, { value: handle.api }, children);
}

/** The tracker of the provider above; calls before it has started are made up for. */
export function useTracker() {
  const tracker = useContext(Tracker);
  if (!tracker) {
    throw new Error('useTracker is called outside of a TrackerProvider; put one around this component');
  }
  return tracker;
}
