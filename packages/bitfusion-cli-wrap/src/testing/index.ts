export { standIn, type StandInEnvironment, type StandInOptions, standInEnvironment } from './stand-in.ts';
export { writeStandInPackage } from './stand-in-package.ts';
export { standInRoot, type StandInRootOptions } from './stand-in-root.ts';
