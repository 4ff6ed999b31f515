import type { DevicePluginOptions } from '../generated/v1beta1.ts';

/** What a fake kubelet lived through, for a test to look at. `at` is its clock's time, in milliseconds. */
export type KubeletEvent = { readonly at: number } & (KubeletLife | PluginContact);

export type KubeletEventKind = KubeletEvent['kind'];

export type KubeletEventOf<K extends KubeletEventKind> = Extract<KubeletEvent, { readonly kind: K }>;

type KubeletLife = { readonly kind: 'kubelet-started' } | { readonly kind: 'kubelet-stopped' };

type PluginContact = {
  readonly resourceName: string;
  /** The base name of the plugin's socket. */
  readonly endpoint: string;
} & (
  | { readonly kind: 'registered'; readonly options: DevicePluginOptions }
  /** With what `Register` was answered. */
  | { readonly kind: 'register-refused'; readonly message: string }
  /** Of kubelets before 1.25, which have answered `Register` before they dial. */
  | { readonly kind: 'dial-failed'; readonly message: string }
  /** `devices` and `healthy` count what the message held, `bytes` is its size on the wire without gRPC's 5. */
  | {
      readonly kind: 'list';
      readonly devices: number;
      readonly healthy: number;
      readonly bytes: number;
    }
  /** `code` is the name of a gRPC status, `OK` where the plugin ended the stream by itself. */
  | { readonly kind: 'stream-ended'; readonly code: string; readonly details: string }
  | { readonly kind: 'allocated'; readonly deviceIds: readonly string[] }
  | { readonly kind: 'allocate-failed'; readonly message: string }
);

/** Of each kind what its maker says; the time is added where it is recorded. */
export type KubeletHappening = WithoutTime<KubeletEvent>;

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
