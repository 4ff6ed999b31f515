export type { PoolAnswer } from './capacity/pool.ts';
export type { CapacityChoice, DevicePluginOptions } from './device-plugin-options.ts';
export { readCommandLine } from './command-line.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export {
  type DevicePluginSurroundings,
  type RunningDevicePlugin,
  startDevicePlugin,
} from './start-device-plugin.ts';
