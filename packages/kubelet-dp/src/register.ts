import type { Clock } from '@bwki/timing';
import { credentials } from '@grpc/grpc-js';
import { basename } from 'node:path';

import { DevicePluginError } from './device-plugin-error.ts';
import { type DevicePluginOptions, RegistrationClient } from './generated/v1beta1.ts';

/** The kubelet may take 10 s to dial back before it answers. */
const timeoutMs = 15_000;

export interface Registration {
  /** Of `kubelet.sock`. */
  readonly kubeletPath: string;
  readonly socketPath: string;
  readonly resourceName: string;
  readonly options: DevicePluginOptions;
  readonly clock: Clock;
  /** Its reason, if that is a string, is what the error says. */
  readonly signal: AbortSignal;
}

/**
 * Registers a server that is listening already. Its time is not a gRPC deadline, which follows the machine's date.
 * @throws DevicePluginError DEVICE_REGISTER_FAILED with what the kubelet said
 */
export async function register({
  kubeletPath,
  socketPath,
  resourceName,
  options,
  clock,
  signal,
}: Registration): Promise<void> {
  const client = new RegistrationClient(`unix:${kubeletPath}`, credentials.createInsecure(), {
    'grpc.enable_channelz': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
  });
  const answered = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const request = { version: 'v1beta1', endpoint: basename(socketPath), resourceName, options };
  const call = client.register(request, (error) => {
    if (error === null) resolve(undefined);
    else reject(failed(kubeletPath, error.details, error));
  });
  const abandon = (why: string): void => {
    reject(failed(kubeletPath, why));
    call.cancel();
  };
  const onAbort = (): void => {
    abandon(typeof signal.reason === 'string' ? signal.reason : 'the plugin ends');
  };
  signal.addEventListener('abort', onAbort, { once: true });
  void clock.sleep(timeoutMs, answered.signal).then(() => {
    if (!answered.signal.aborted) abandon(`it did not answer for ${timeoutMs / 1000} s`);
  });
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    answered.abort();
    client.close();
  }
}

function failed(kubeletPath: string, why: string, cause?: unknown): DevicePluginError {
  const message = `the kubelet at ${kubeletPath} did not take the registration: ${why}`;
  return new DevicePluginError('DEVICE_REGISTER_FAILED', message, { cause });
}
