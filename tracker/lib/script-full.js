import * as modules from './modules/index.js';
import { startFromScript } from './script.js';

const { modules: chosen } = document.currentScript.dataset;
const names = chosen === undefined ? Object.keys(modules) : chosen.split(/[\s,]+/).filter(Boolean);

startFromScript(
  names.map((name) => {
    if (!modules[name]) {
      const all = Object.keys(modules).join(', ');
      throw new Error(`Cannot start the tracker: data-modules names "${name}"; give some of ${all}`);
    }
    return modules[name]();
  }),
);
