import { startFromScript } from './script.js';

startFromScript([]);
