import { described } from './clicks.js';

/** Forms begun, sent and left; names of fields, never what is typed into them. */
export const forms = () => ({ track, on }) => {
  const open = new Map(); // form → name of the field that was touched last

  function about(form, more) {
    const { properties, fields } = described(form);
    return [
      {
        formId: form.getAttribute('id') ?? undefined,
        formName: form.getAttribute('name') ?? undefined,
        action: new URL(form.getAttribute('action') ?? '', location).pathname,
        ...properties,
        ...more,
      },
      fields,
    ];
  }

  function touched({ target }) {
    const { form } = target;
    if (form) {
      if (!open.has(form)) {
        track('form_start', ...about(form, { field: target.name || undefined }));
      }
      open.set(form, target.name || target.id);
    }
  }

  function submitted({ target }) {
    open.delete(target);
    track(target.dataset.track || 'form_submit', ...about(target));
  }

  addEventListener('input', touched, true);
  addEventListener('submit', submitted, true);
  on('leave', (gone) => {
    if (gone) {
      open.forEach((field, form) => track('form_abandon', ...about(form, { field })));
      open.clear();
    }
  });
};
