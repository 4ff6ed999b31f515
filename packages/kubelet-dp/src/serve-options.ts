import type { Clock } from '@bwki/timing';

import type { DevicePluginError } from './device-plugin-error.ts';
import type { PluginEvent } from './plugin-event.ts';

export interface ServeOptions {
  /** Where `kubelet.sock` is and the plugin's socket will be. Default `/var/lib/kubelet/device-plugins`. */
  readonly directory?: string | undefined;
  /**
   * What the names of the plugin's sockets begin with. Each server adds a suffix of its own, such as
   * `.1f3a.9c02be.1.sock`: a name is never used twice. Default: the resource's name, with `_` for the slash.
   */
  readonly socketName?: string | undefined;
  /** Ends the plugin, like disposing of it. */
  readonly signal?: AbortSignal | undefined;
  /** Told of everything, at once and in order. What it throws is an uncaught exception, as with an `EventTarget`. */
  readonly onEvent?: ((event: PluginEvent) => void) | undefined;
  /** How long a change may go unseen where the file system tells of none, in milliseconds. Default 1000. */
  readonly pollMs?: number | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** A plugin that is served until it is disposed of. */
export interface ServedDevicePlugin extends AsyncDisposable {
  /** Whether the kubelet has taken the registration and has not gone, restarted or dropped the plugin since. */
  readonly isRegistered: boolean;
  /** Whether it is registered and the kubelet has been sent a list: the node shows the resource. */
  readonly isListed: boolean;
  /**
   * Why the newest list is not sent: it was refused, or `devices()` failed. The kubelet keeps the list before, if there
   * was one. Undefined once a list is accepted.
   */
  readonly listError: DevicePluginError | undefined;
  /**
   * Resolves once `isRegistered`. A kubelet reads the list before it has answered the registration, so a node may show
   * the devices a moment earlier. Rejects with the signal's reason, or when the plugin ends.
   */
  registered(signal?: AbortSignal): Promise<void>;
  /** Resolves once all is closed and removed; rejects, with all closed too, on a bug of this package only. */
  readonly ended: Promise<void>;
}
