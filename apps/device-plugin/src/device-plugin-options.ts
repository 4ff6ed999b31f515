import type { LogLevel } from '@bwki/daemon';

/** Where the number of units comes from. */
export type CapacityChoice =
  | { readonly kind: 'static'; readonly units: number }
  | {
      readonly kind: 'bitfusion';
      /** The client: a name that is looked up in `PATH`, or a path. */
      readonly client: string;
      readonly clientTimeoutMs: number;
      readonly intervalMs: number;
      /** How many nodes share the pool; 1 where each advertises all of it. */
      readonly nodes: number;
    };

/** How a device plugin is to run; see `--help` for what each is for. */
export interface DevicePluginOptions {
  readonly resourceName: string;
  /** The stem of its sockets' names. */
  readonly socketName: string;
  /** Where the kubelet's socket is. */
  readonly directory: string;
  readonly capacity: CapacityChoice;
  /** The address of the plain port; undefined for all of them. */
  readonly host?: string | undefined;
  /** 0 for any free one. */
  readonly healthPort: number;
  readonly logLevel: LogLevel;
}
