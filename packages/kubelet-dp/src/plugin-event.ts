import type { ConnectionFault } from './authority/index.ts';
import type { DevicePluginError } from './device-plugin-error.ts';

/** Everything that happens to a plugin while it is served, for its owner to log and count. Decide by `kind`. */
export type PluginEvent = LifeCycleEvent | ListEvent | CallEvent;

/** A server is a generation: it has a socket name of its own, is registered once, and never again after it is closed. */
export type LifeCycleEvent =
  | { readonly kind: 'listening'; readonly generation: number; readonly socketPath: string }
  /** The directory has gone, say; tried again. At the first time `serveDevicePlugin` rejects instead. */
  | { readonly kind: 'listen-failed'; readonly error: DevicePluginError; readonly retryInMs: number }
  /** A socket that an earlier run of this plugin left was removed. */
  | { readonly kind: 'stale-socket-removed'; readonly socketPath: string }
  /** There is no `kubelet.sock`; said once until there is one. */
  | { readonly kind: 'kubelet-missing'; readonly socketPath: string }
  | { readonly kind: 'registered'; readonly generation: number; readonly socketPath: string }
  /** `error.message` has what the kubelet said. */
  | { readonly kind: 'register-failed'; readonly error: DevicePluginError; readonly retryInMs: number }
  /** `kubelet.sock` is another one than was registered at. */
  | { readonly kind: 'kubelet-restarted' }
  /** The plugin's own socket was removed, as the kubelet does at its start. */
  | { readonly kind: 'socket-lost'; readonly socketPath: string }
  /** The kubelet stopped reading the list, or never began to, but did not restart. It does not come back by itself. */
  | { readonly kind: 'dropped'; readonly retryInMs: number }
  /**
   * A newer process serves this resource under the same stem, as in a rolling update. It is not disturbed: should the
   * kubelet drop this plugin, it does not register while the newer one is there.
   */
  | { readonly kind: 'superseded'; readonly socketPath: string }
  /** The newer process has gone; this one registers anew, since the kubelet may not know it any more. */
  | { readonly kind: 'successor-gone'; readonly socketPath: string }
  /** One connection was closed, or could not be taken; the others go on. */
  | { readonly kind: 'connection-failed'; readonly error: ConnectionFault }
  /** Disposed of or aborted; the last event. */
  | { readonly kind: 'stopped' };

/** `stream` is a number for each reader of the list, counted through all generations. */
export type ListEvent =
  | { readonly kind: 'stream-opened'; readonly stream: number }
  | { readonly kind: 'stream-ended'; readonly stream: number; readonly endedBy: 'kubelet' | 'plugin' }
  | {
      readonly kind: 'list-sent';
      readonly stream: number;
      readonly devices: number;
      readonly healthy: number;
      readonly bytes: number;
    }
  /** The list is the one that is sent from now on. */
  | {
      readonly kind: 'list-accepted';
      readonly devices: number;
      readonly healthy: number;
      readonly bytes: number;
    }
  /** The list is not sent; the last good one stays. */
  | { readonly kind: 'list-refused'; readonly error: DevicePluginError }
  /** `devices()` threw; the last list stays, and it is called again. */
  | { readonly kind: 'devices-failed'; readonly error: DevicePluginError; readonly retryInMs: number };

export type CallEvent =
  | { readonly kind: 'allocated'; readonly containers: number; readonly deviceIds: readonly string[] }
  | {
      readonly kind: 'allocate-failed';
      readonly deviceIds: readonly string[];
      readonly error: DevicePluginError;
    }
  /** The kubelet chooses by itself then; the pod starts. */
  | { readonly kind: 'preferred-failed'; readonly error: DevicePluginError }
  | { readonly kind: 'pre-started'; readonly deviceIds: readonly string[] }
  | {
      readonly kind: 'pre-start-failed';
      readonly deviceIds: readonly string[];
      readonly error: DevicePluginError;
    };
