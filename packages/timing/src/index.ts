export { Backoff, type BackoffLimits } from './backoff.ts';
export { type Clock, systemClock } from './clock.ts';
export { untilAborted } from './until-aborted.ts';
