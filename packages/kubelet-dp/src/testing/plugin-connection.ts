import { basename } from 'node:path';

import { credentials, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';

import {
  DevicePluginClient,
  DevicePluginService,
  ListAndWatchResponse,
  type AllocateResponse,
  type Device,
  type DevicePluginOptions,
  type PreferredAllocationResponse,
} from '../generated/v1beta1.ts';
import { goErrorText, statusName } from './go-status.ts';
import { gatedBy, ReadGate } from './pausable-call.ts';

/** The longest path that a Unix socket can have, in bytes, on Linux. */
export const longestSocketPath = 107;

export interface PluginAddress {
  readonly resourceName: string;
  readonly socketPath: string;
  /** What is dialled: `unix:` and the path, or a relay before it. */
  readonly target: string;
  readonly authority: string;
}

export interface ReceivedList {
  readonly devices: readonly Device[];
  /** The message's size, without the 5 bytes that gRPC puts before it. */
  readonly bytes: number;
}

export interface StreamEnd {
  readonly code: string;
  readonly details: string;
}

const preStartTimeoutMs = 30_000;

/** The kubelet's end of one connection to a plugin: one for each registration, and never dialled again by itself. */
export class PluginConnection {
  readonly resourceName: string;
  readonly socketPath: string;
  readonly endpoint: string;
  readonly #client: DevicePluginClient;
  readonly #gate = new ReadGate();
  #stream: ClientReadableStream<ReceivedList> | undefined;

  constructor({ resourceName, socketPath, target, authority }: PluginAddress) {
    this.resourceName = resourceName;
    this.socketPath = socketPath;
    this.endpoint = basename(socketPath);
    this.#client = new DevicePluginClient(target, credentials.createInsecure(), {
      'grpc.default_authority': authority,
      // Go's limit, which the kubelet leaves as it is; grpc-js has the same, but not by the kubelet's doing.
      'grpc.max_receive_message_length': 4 * 1024 * 1024,
      // One connection a registration, as the kubelet has, also to a socket of the same path.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
    });
  }

  /** @throws Error with the kubelet's words, when the plugin cannot be reached in time */
  async ready(withinMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#client.waitForReady(Date.now() + withinMs, (error) => {
        if (error === undefined) resolve();
        else reject(new Error('failed to dial device plugin: context deadline exceeded'));
      });
    });
  }

  async options(): Promise<DevicePluginOptions> {
    return unary((done) => this.#client.getDevicePluginOptions({}, done));
  }

  async allocate(deviceIds: readonly string[]): Promise<AllocateResponse> {
    const containerRequests = [{ deviceIds: [...deviceIds] }];
    return unary((done) => this.#client.allocate({ containerRequests }, done));
  }

  async preferred(
    available: readonly string[],
    mustInclude: readonly string[],
    size: number,
  ): Promise<PreferredAllocationResponse> {
    const request = {
      availableDeviceIds: [...available],
      mustIncludeDeviceIds: [...mustInclude],
      allocationSize: size,
    };
    return unary((done) => this.#client.getPreferredAllocation({ containerRequests: [request] }, done));
  }

  async preStart(deviceIds: readonly string[]): Promise<void> {
    const deadline = Date.now() + preStartTimeoutMs;
    const request = { deviceIds: [...deviceIds] };
    await unary((done) => this.#client.preStartContainer(request, new Metadata(), { deadline }, done));
  }

  /** Reads the plugin's lists until the stream ends; never rejects. */
  async watch(onList: (list: ReceivedList) => void): Promise<StreamEnd> {
    const { path, requestSerialize } = DevicePluginService.listAndWatch;
    const stream = this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      readList,
      {},
      new Metadata(),
      {
        interceptors: [gatedBy(this.#gate)],
      },
    );
    this.#stream = stream;
    stream.on('data', (list: ReceivedList) => {
      this.#gate.pass(() => {
        onList(list);
      });
    });
    return new Promise((resolve) => {
      stream.on('error', ({ code, details }: ServiceError) => {
        resolve({ code: statusName(code), details });
      });
      stream.on('end', () => {
        resolve({ code: 'OK', details: '' });
      });
    });
  }

  stopReading(): void {
    this.#gate.close();
  }

  readAgain(): void {
    this.#gate.open();
  }

  /** Cancels the stream, and leaves the connection be. */
  cancelStream(): void {
    this.#stream?.cancel();
  }

  close(): void {
    this.#stream?.cancel();
    this.#client.close();
  }
}

function readList(bytes: Buffer): ReceivedList {
  return { devices: ListAndWatchResponse.decode(bytes).devices, bytes: bytes.length };
}

/** @throws Error with the status as the kubelet words it */
async function unary<T>(
  call: (done: (error: ServiceError | null, response: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(goErrorText(error), { cause: error }));
    });
  });
}
