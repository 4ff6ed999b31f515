export { standIn, type StandInEnvironment, type StandInOptions, standInEnvironment } from './stand-in.ts';
export { standInRoot, type StandInRootOptions } from './stand-in-root.ts';
