/** What the visitor has allowed; nothing is sent before `analytics` is true, unless the site needs no consent. */
export interface Consent {
  analytics?: boolean;
  marketing?: boolean;
  [purpose: string]: boolean | undefined;
}

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | undefined | Json[] | { [name: string]: Json };

export type Properties = { [name: string]: Json };

/** Fields of the event contract that a page may set itself. */
export interface Fields {
  entityType?: string;
  entityId?: string;
  ownerId?: string;
  actorType?: string;
  actorId?: string;
  source?: string;
  /** Needs `currency`. */
  revenueCents?: number;
  currency?: string;
  experiment?: string;
  variant?: string;
}

/** Part of a tracker that watches one thing, such as scrolling. */
export type Module = (tracker: Tracker) => void;

export interface Options {
  /** The write key of this site. It is public: it can only add events. */
  key: string;
  /** Where events go. Default `/v1/collect`; a script tag takes `v1/collect` beside its own address. */
  endpoint?: string;
  /** Events that make the tracker send at once. Default 10. */
  batchSize?: number;
  /** Longest time that an event waits for others. Default 5000. */
  flushIntervalMillis?: number;
  /** Part of the visitors that is tracked, from 0 to 1. Default 1. */
  sampleRate?: number;
  /** Track nobody whose browser sends Do Not Track or Global Privacy Control. Default true. */
  respectDnt?: boolean;
  /** Send and store nothing before the visitor has agreed. Default true. */
  requireConsent?: boolean;
  /** Send from a page on localhost to a gateway that is not there. Default false. */
  trackLocalhost?: boolean;
  /** Make a `page_view` for each page by itself. Default true. */
  pageViews?: boolean;
  /** Longest queue in the browser, in characters; beyond it the oldest events go, and are counted. Default 1,000,000. */
  maxQueueChars?: number;
  /** Added to the properties of every event. */
  properties?: Properties;
  /** What to watch besides page views. Default none; the full script has all. */
  modules?: Module[];
  /** Tell on the console what happens. Default false. */
  debug?: boolean;
}

/** An event on its way. */
export interface TrackedEvent extends Fields {
  eventId: string;
  eventType: string;
  /** Epoch ms, by the browser's clock. */
  timestamp: number;
  visitorId: string;
  sessionId: string;
  /** Counts the events of a `sessionId` from 1, without a gap. */
  sequence: number;
  userId?: string | null;
  pageUrl: string;
  pageTitle: string;
  referrer: string;
  screenResolution: string;
  viewport: string;
  consent?: string | null;
  properties: Properties;
}

/** An event that the gateway has refused for good. */
export interface Refused {
  /** As JSON. */
  event: string;
  /** Stable, for programs, such as `invalid_event_type`. */
  code?: string;
  message?: string;
}

export interface Tracker {
  /** Records an event. `eventType` is made of a-z, 0-9, _ and ., and starts with a letter. */
  track(eventType: string, properties?: Properties, fields?: Fields): void;
  /** Records that this page is seen; only needed with `pageViews: false`. */
  pageView(properties?: Properties): void;
  /** Changes what the visitor allows, or just tells it; null before the visitor has decided. */
  consent(purposes?: Consent): Consent | null;
  /** Names the known user of the events to come on this page; null for none. */
  identify(userId: string | null): void;
  /** Sends what waits; resolves when it was tried. */
  flush(): Promise<void>;
  on(hook: 'event', listener: (event: TrackedEvent) => void): void;
  on(hook: 'refused', listener: (refused: Refused) => void): void;
  /** A try to send failed, with an HTTP status or an error; the events stay queued. */
  on(hook: 'failed', listener: (reason: unknown) => void): void;
  on(hook: 'page', listener: () => void): void;
  /** The page is left (true), or only out of sight (false). */
  on(hook: 'leave', listener: (gone: boolean) => void): void;
}

/** Starts tracking this page, for as long as the page lives. */
export function createTracker(options: Options): Tracker;
