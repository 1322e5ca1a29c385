import { createTracker } from './index.js';
import * as modules from './modules/index.js';

// The build's wrapper declares and exports it: the compiler joins modules, but exports nothing.
Object.assign(millraceExports, modules, { createTracker });
