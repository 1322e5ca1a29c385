import { createDelivery } from './delivery.js';
import { share, uuidv7 } from './ids.js';
import { campaign, watchHistory } from './page.js';
import { openQueue } from './queue.js';
import { openStorage } from './storage.js';

const DEFAULTS = {
  endpoint: '/v1/collect',
  batchSize: 10,
  flushIntervalMillis: 5000,
  respectDnt: true,
  requireConsent: true,
  pageViews: true,
  maxQueueChars: 1_000_000,
};

const CONSENT = 'millrace.consent';
const VISITOR = 'millrace.visitor';
const MAX_HELD_EVENTS = 100;

/** The gateway refuses texts beyond 8 KiB, and with them the event. */
const MAX_TEXT_CHARS = 2000;

const LOCAL_HOST = /\/\/(localhost|127\.|\[::1)/;

/** The part of an address that names a page: a hash does where it is a route of the application. */
const seen = (url) => url.replace(/#(?![/!]).*/, '');

/** Starts tracking this page. */
export function createTracker(options) {
  const config = { ...DEFAULTS, ...options };
  const { key, sampleRate = 1 } = config;
  if (!key) {
    throw Error('Tracker not started: key is missing; give a write key');
  }

  const local = openStorage('localStorage');
  const tab = openStorage('sessionStorage');
  const queue = openQueue(local, `millrace.queue.${key}.`, config.maxQueueChars);
  const session = `millrace.session.${key}`;
  const hooks = {};
  const held = []; // in memory only, until the visitor has decided
  let choice = JSON.parse(local.get(CONSENT) ?? null);
  let userId;
  let viewing;
  let page = { url: location.href, referrer: document.referrer };

  const off =
    (config.respectDnt && (navigator.doNotTrack == 1 || navigator.globalPrivacyControl)) ||
    (!config.trackLocalhost &&
      LOCAL_HOST.test(location) &&
      !LOCAL_HOST.test(new URL(config.endpoint, location)));
  const denied = () => off || choice?.analytics === false;
  const allowed = () => !denied() && (choice?.analytics || !config.requireConsent);
  const delivery = createDelivery(config, queue, allowed, emit);

  function on(hook, listener) {
    (hooks[hook] ??= []).push(listener);
  }

  function emit(hook, what) {
    if (config.debug) {
      console.debug('millrace', hook, what);
    }
    hooks[hook]?.forEach((listener) => listener(what));
  }

  function track(eventType, properties, fields) {
    const timestamp = Date.now();
    accept({
      eventId: uuidv7(timestamp),
      eventType,
      timestamp,
      userId,
      pageUrl: page.url.slice(0, MAX_TEXT_CHARS),
      pageTitle: document.title.slice(0, MAX_TEXT_CHARS),
      referrer: page.referrer.slice(0, MAX_TEXT_CHARS),
      screenResolution: screen.width + 'x' + screen.height,
      viewport: innerWidth + 'x' + innerHeight,
      ...fields,
      properties: { ...config.properties, ...properties },
    });
  }

  function accept(event) {
    if (denied()) {
      return;
    }
    if (!allowed()) {
      held.length < MAX_HELD_EVENTS && held.push(event);
      return;
    }

    event.visitorId = local.get(VISITOR) ?? uuidv7(event.timestamp);
    local.set(VISITOR, event.visitorId);
    if (share(event.visitorId) >= sampleRate) {
      return;
    }
    if (sampleRate < 1) {
      event.properties.sampleWeight = 1 / sampleRate;
    }
    event.consent = choice && Object.keys(choice).filter((purpose) => choice[purpose]).join();
    const [sessionId, count = 0] = tab.get(session)?.split('.') ?? [uuidv7(event.timestamp)];
    event.sessionId = sessionId;
    event.sequence = +count + 1;
    tab.set(session, `${sessionId}.${event.sequence}`);
    queue.add(event);
    delivery.added();
    emit('event', event);
  }

  /** Does what the visitor's choice asks for, now and after each change of it. */
  function obey() {
    if (denied()) {
      held.length = 0;
      queue.clear();
      local.remove(VISITOR);
      tab.remove(session);
    } else if (allowed()) {
      held.splice(0).forEach(accept);
      delivery.added(); // what earlier pages and other tabs have left
    }
  }

  function consent(purposes) {
    if (purposes) {
      choice = { ...choice, ...purposes };
      local.set(CONSENT, JSON.stringify(choice));
      obey();
    }
    return choice;
  }

  function pageView(properties) {
    track('page_view', properties, campaign(page.url));
    emit('page');
  }

  function navigated() {
    const url = location.href;
    if (seen(url) != seen(page.url)) {
      emit('leave', true);
      page = { url, referrer: page.url };
      if (config.pageViews) {
        clearTimeout(viewing); // an address that is replaced at once has not been seen
        viewing = setTimeout(pageView); // the application sets its title after the address
      }
    }
  }

  function leave(gone) {
    emit('leave', gone);
    delivery.leaving();
  }

  function start() {
    config.modules?.forEach((module) => module(tracker));
    watchHistory(navigated);
    addEventListener('pagehide', () => leave(true));
    addEventListener('visibilitychange', () => document.hidden && leave(false));
    addEventListener('pageshow', (event) => event.persisted && pageView());
    addEventListener('online', delivery.online);
    obey();
    if (config.pageViews) {
      pageView();
    }
  }

  const tracker = {
    track,
    pageView,
    consent,
    on,
    identify(id) {
      userId = id;
    },
    flush: delivery.flush,
  };

  addEventListener('millrace:consent', (event) => consent(event.detail));
  addEventListener('storage', (event) => {
    if (event.key == CONSENT) {
      choice = JSON.parse(event.newValue);
      obey();
    }
  });
  if (document.prerendering) {
    document.addEventListener('prerenderingchange', start, { once: true });
  } else {
    start();
  }
  return tracker;
}
