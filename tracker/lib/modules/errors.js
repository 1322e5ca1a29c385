const MAX_ERRORS = 10;

/** Script errors and unhandled rejections, each once, at most ten a page. */
export const errors = () => ({ track, on }) => {
  let seen = new Set();

  function caught(kind, error, fallback, place) {
    const message = String(error?.message ?? fallback ?? error).slice(0, 500);
    if (seen.size < MAX_ERRORS && !seen.has(message)) {
      seen.add(message);
      const stack = error?.stack?.slice(0, 2000);
      track('error', { kind, message, name: error?.name, stack, ...place });
    }
  }

  addEventListener(
    'error',
    ({ error, message, filename, lineno, colno }) =>
      caught('error', error, message, { file: filename, line: lineno, column: colno }),
  );
  addEventListener('unhandledrejection', ({ reason }) => caught('rejection', reason));
  on('page', () => (seen = new Set()));
};
