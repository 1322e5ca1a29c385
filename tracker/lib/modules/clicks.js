const FIELDS = { trackEntityType: 'entityType', trackEntityId: 'entityId' };

/**
 * Clicks on elements with `data-track="event_type"`; their `data-track-*` attributes become
 * properties. Also clicks that lead to another site.
 */
export const clicks = ({ outbound = true } = {}) => ({ track }) => {
  function clicked({ target }) {
    const element = target.closest?.('[data-track]');
    const link = target.closest?.('a[href]');
    if (element && element.tagName != 'FORM') {
      const { properties, fields } = described(element);
      if (link) {
        properties.href ??= link.href;
      }
      track(element.dataset.track || 'click', properties, fields);
    } else if (outbound && link && /^http/.test(link.protocol) && link.host != location.host) {
      track('outbound_click', { href: link.href });
    }
  }
  addEventListener('click', clicked, true);
  addEventListener('auxclick', (event) => event.button == 1 && clicked(event), true);
};

/** What the `data-track-*` attributes of an element say. */
export function described({ dataset }) {
  const properties = {};
  const fields = {};
  for (const name in dataset) {
    if (FIELDS[name]) {
      fields[FIELDS[name]] = dataset[name];
    } else if (/^track[A-Z]/.test(name)) {
      properties[name[5].toLowerCase() + name.slice(6)] = dataset[name];
    }
  }
  return { properties, fields };
}
