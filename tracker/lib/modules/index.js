export { clicks } from './clicks.js';
export { engagement } from './engagement.js';
export { errors } from './errors.js';
export { forms } from './forms.js';
export { scroll } from './scroll.js';
export { vitals } from './vitals.js';
