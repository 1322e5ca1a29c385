import { createTracker } from './index.js';

/**
 * Starts the tracker of a script tag: `data-*` attributes are its options, and calls that the page
 * has pushed to the list `window.millrace` before are made up for.
 */
export function startFromScript(modules) {
  const { src, dataset } = document.currentScript;
  const options = { endpoint: new URL('v1/collect', src).href };
  for (const name in dataset) {
    try {
      options[name] = JSON.parse(dataset[name]);
    } catch {
      options[name] = dataset[name]; // a plain text
    }
  }
  options.key = dataset.key;
  options.modules = modules;

  const waiting = window.millrace ?? [];
  const tracker = createTracker(options);
  tracker.push = ([name, ...args]) => tracker[name](...args);
  window.millrace = tracker;
  waiting.forEach(tracker.push);
}
