import type { Module } from '../index.js';

/** Clicks on `data-track` elements, and on links to other sites unless `outbound` is false. */
export function clicks(options?: { outbound?: boolean }): Module;
/** Time in use: a `heartbeat` every 30 s of use, and a `page_exit`. */
export function engagement(options?: { heartbeatMillis?: number }): Module;
/** Script errors and unhandled rejections. */
export function errors(): Module;
/** Forms begun, sent and left; never what is typed. */
export function forms(): Module;
/** Milestones of scrolling: 25, 50, 75, 90 and 100 %. */
export function scroll(): Module;
/** LCP, CLS, INP, FCP, TTFB and load time. */
export function vitals(): Module;
