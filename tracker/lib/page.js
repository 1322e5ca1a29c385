const TAG =
  /[?&](utm_\w+|[a-z]+clk?id|[gw]braid|li_fat_id|sccid|rdt_cid|mc_cid|epik|igsh)=[^&#]/g;

/** What an address says of the way to it: the UTM fields, and a click id with its name. */
export function campaign(url) {
  const fields = {};
  for (const [, name] of url.matchAll(TAG)) {
    const value = new URL(url).searchParams.get(name);
    if (name.startsWith('utm_')) {
      fields['utm' + name[4].toUpperCase() + name.slice(5)] = value;
    } else {
      fields.clickIdType = name;
      fields.clickId = value;
    }
  }
  return fields;
}

/** Calls back when a single-page application has gone to another address. */
export function watchHistory(navigated) {
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      navigated();
    };
  }
  addEventListener('popstate', navigated);
}
