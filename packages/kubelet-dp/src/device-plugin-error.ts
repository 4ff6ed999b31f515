import { status } from '@grpc/grpc-js';

import type { DevicePluginErrorCode } from './device-plugin-error-codes.ts';

/** The name of a gRPC status that says why a call fails. */
export type GrpcStatusName = Exclude<keyof typeof status, 'OK'>;

export interface DevicePluginErrorOptions {
  /** What a call of the kubelet is answered with. Default `UNKNOWN`. */
  readonly status?: GrpcStatusName | undefined;
  readonly cause?: unknown;
}

/** A fault of the configuration, of a device list, or of a call: decide by `code`, which keeps its meaning. */
export class DevicePluginError extends Error {
  override readonly name = 'DevicePluginError';
  readonly code: DevicePluginErrorCode;
  readonly status: GrpcStatusName;

  constructor(code: DevicePluginErrorCode, message: string, options: DevicePluginErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = options.status ?? 'UNKNOWN';
  }
}

/** The error itself if it is one, else one of that code with its message, and itself as the cause. */
export function toDevicePluginError(error: unknown, code: DevicePluginErrorCode): DevicePluginError {
  if (error instanceof DevicePluginError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DevicePluginError(code, message, { cause: error });
}
