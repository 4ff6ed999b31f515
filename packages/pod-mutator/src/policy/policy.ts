import type { Quantity } from '@bwki/quota-calc';
import type { ClientCatalog, ClientEntry } from '@bwki/spec-parser';

import type { MemoryFlagUnit } from '../plan/gpu-flags.ts';

export type ImagePullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** Which secret of the pod's namespace holds each file of the access token; each file is a key of that name. */
export interface TokenSecrets {
  readonly 'ca.crt': string;
  readonly 'client.yaml': string;
  readonly 'servers.conf': string;
}

/** What the launcher does with a call that takes more than its container requests: refuse it, warn, or nothing. */
export type Enforcement = 'on' | 'warn' | 'off';

/** The administrator's choices, checked and frozen. Made by `createPolicy` only. */
export interface Policy {
  /** Memory of one GPU (B21). Undefined refuses requests by memory. */
  readonly totalGpuMemory: Quantity | undefined;
  /** The image that carries the client packages and the populate script. */
  readonly clientImage: string;
  readonly imagePullPolicy: ImagePullPolicy;
  /** Names of pull secrets that a mutated pod gets for `clientImage`. */
  readonly imagePullSecrets: readonly string[];
  readonly catalog: ClientCatalog;
  /** What runs a command that is shell text (B31): the program and its flags, before the text. */
  readonly shell: readonly string[];
  readonly memoryFlagUnit: MemoryFlagUnit;
  /** Who sets LD_LIBRARY_PATH (B37): the launcher at run time, or the pod's environment as the original did. */
  readonly libraryPath: 'launcher' | 'env';
  readonly enforce: Enforcement;
  readonly tokenSecrets: TokenSecrets;
}

/** `Policy` as it is written in a configuration file. Everything may be left out. */
export interface PolicyConfig {
  /** A bare number is MB (10^6 bytes); a quantity with a suffix is bytes. 0 or absent: memory requests are refused. */
  readonly totalGpuMemory?: string | number | undefined;
  /** Default `bitfusion-client:0.1.0`. */
  readonly clientImage?: string | undefined;
  /** Default `IfNotPresent`. */
  readonly imagePullPolicy?: ImagePullPolicy | undefined;
  /** Default none. */
  readonly imagePullSecrets?: readonly string[] | undefined;
  /** The clients that pods may name; default `defaultCatalog.entries`. */
  readonly catalog?: readonly ClientEntry[] | undefined;
  /** The client of pods that name none; it has to be in the catalog. Default ubuntu20, 450. */
  readonly defaultClient?: { readonly os: string; readonly version: string } | undefined;
  /** Default `["/bin/bash", "-c"]`. */
  readonly shell?: readonly string[] | undefined;
  /** Default `MiB`. */
  readonly memoryFlagUnit?: MemoryFlagUnit | undefined;
  /** Default `launcher`. */
  readonly libraryPath?: 'launcher' | 'env' | undefined;
  /** Default `on`. */
  readonly enforce?: Enforcement | undefined;
  /** One secret for the three files (default `bitfusion-secret`), or a secret for each file. */
  readonly tokenSecrets?: string | TokenSecrets | undefined;
}

/** One fault of a configuration: where, what was given, and what is allowed. */
export interface PolicyFault {
  readonly code: 'POLICY_INVALID';
  /** `catalog[2].package`; empty for the whole. */
  readonly field: string;
  readonly detail: string;
}
