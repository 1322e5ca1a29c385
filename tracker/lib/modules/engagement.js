const HEARTBEAT_MILLIS = 30_000;
const IDLE_AFTER_MILLIS = 30_000;

/**
 * How long the page was in use: visible, and the visitor active within the last 30 s.
 *
 * `engagementMs` counts from the event before, so that the sum over a page's events is its time.
 */
export const engagement = ({ heartbeatMillis = HEARTBEAT_MILLIS } = {}) => ({ track, on }) => {
  let counted; // performance.now() up to which time is counted
  let activeUntil;
  let engaged;
  let opened;
  let exited;

  function count() {
    const now = performance.now();
    engaged += Math.max(0, Math.min(now, activeUntil) - counted);
    counted = now;
  }

  function active() {
    count();
    activeUntil = document.visibilityState == 'visible' ? counted + IDLE_AFTER_MILLIS : 0;
  }

  function take() {
    count();
    const engagementMs = Math.round(engaged);
    engaged = 0;
    return engagementMs;
  }

  function tell() {
    const engagementMs = take();
    if (engagementMs > 0) {
      track('heartbeat', { engagementMs });
    }
  }

  function opens() {
    counted = opened = performance.now();
    engaged = 0;
    exited = false;
    active();
  }

  opens();
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'scroll', 'visibilitychange']) {
    addEventListener(type, active, { capture: true, passive: true });
  }
  setInterval(tell, heartbeatMillis);
  on('page', opens);
  on('leave', (gone) => {
    if (!gone) {
      tell();
    } else if (!exited) {
      exited = true;
      track('page_exit', { engagementMs: take(), timeOnPageMs: Math.round(performance.now() - opened) });
    }
  });
};
