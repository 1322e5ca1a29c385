const MILESTONES = [25, 50, 75, 90, 100];
const THROTTLE_MILLIS = 250;

/** How far down the visitor has read: one `scroll_depth` for each milestone of a page. */
export const scroll = () => ({ track, on }) => {
  let reached = 0;
  let timer;

  function look() {
    timer = 0;
    const { scrollHeight } = document.documentElement;
    const depth = Math.ceil(((scrollY + innerHeight) / scrollHeight) * 100);
    for (; MILESTONES[reached] <= depth; reached++) {
      track('scroll_depth', { depth: MILESTONES[reached] });
    }
  }

  function lookNow() {
    if (timer) {
      clearTimeout(timer);
      look();
    }
  }

  addEventListener('scroll', () => (timer ||= setTimeout(look, THROTTLE_MILLIS)), { passive: true });
  on('leave', lookNow);
  on('page', () => {
    clearTimeout(timer);
    timer = reached = 0;
  });
};
