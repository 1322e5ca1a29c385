/**
 * The browser's storage of that name; what it does not take (full, or blocked by a setting) is kept
 * in memory until the page ends.
 */
export function openStorage(name) {
  const memory = {};
  let area;
  try {
    area = window[name];
  } catch {
    // Where storage is blocked, naming it is an error.
  }
  return {
    get: (key) => memory[key] ?? area?.getItem(key),
    set(key, value) {
      try {
        area.setItem(key, value);
        delete memory[key];
      } catch {
        memory[key] = value;
      }
    },
    remove(key) {
      delete memory[key];
      area?.removeItem(key);
    },
    keys: (prefix) =>
      [memory, area ?? {}].flatMap(Object.keys).filter((key) => key.startsWith(prefix)).sort(),
  };
}
