import { join } from 'node:path';

import { credentials, Server, status, type ServerWritableStream, type ServiceError } from '@grpc/grpc-js';

import { listenOnUnixSocket, type UnixSocketListener } from '../../authority/index.ts';
import {
  DevicePluginService,
  RegistrationClient,
  type AllocateRequest,
  type ContainerAllocateResponse,
  type DevicePluginOptions,
  type DevicePluginServer,
  type Empty,
  type ListAndWatchResponse,
  type PreferredAllocationRequest,
  type PreStartContainerRequest,
  type RegisterRequest,
} from '../../generated/v1beta1.ts';

export interface RawPluginOptions {
  readonly directory: string;
  readonly resourceName: string;
  /** Base name of the socket. Default: from the resource's name. */
  readonly endpoint?: string;
  /** What a stream gets first. */
  readonly devices?: readonly RawDevice[];
  /** For `Register` and for `GetDevicePluginOptions`. */
  readonly options?: Partial<DevicePluginOptions>;
  /** Answers of `GetDevicePluginOptions`, where they are to be others. */
  readonly askedOptions?: () => DevicePluginOptions;
  /** The answers; what they throw is the status `INVALID_ARGUMENT`. By default each container gets nothing. */
  readonly allocate?: (request: AllocateRequest) => ContainerAllocateResponse[];
  readonly preferred?: (request: PreferredAllocationRequest) => readonly string[];
  readonly preStart?: (request: PreStartContainerRequest) => void;
}

export interface RawDevice {
  readonly id: string;
  readonly health: string;
}

/** The calls that came, oldest first. */
export interface RawPluginCalls {
  readonly options: Empty[];
  readonly listAndWatch: Empty[];
  readonly allocate: AllocateRequest[];
  readonly preferred: PreferredAllocationRequest[];
  readonly preStart: PreStartContainerRequest[];
}

type ListStream = ServerWritableStream<Empty, ListAndWatchResponse>;

export const noContainerAllocation: ContainerAllocateResponse = {
  envs: {},
  mounts: [],
  devices: [],
  annotations: {},
  cdiDevices: [],
};

/** A device plugin with nothing added: what it does is what it is told, so that the kubelet is what is judged. */
export class RawPlugin implements AsyncDisposable {
  readonly calls: RawPluginCalls = {
    options: [],
    listAndWatch: [],
    allocate: [],
    preferred: [],
    preStart: [],
  };
  readonly resourceName: string;
  readonly endpoint: string;
  readonly socketPath: string;
  readonly #options: RawPluginOptions;
  readonly #streams = new Set<ListStream>();
  #devices: readonly RawDevice[];
  #listener: UnixSocketListener | undefined;

  constructor(options: RawPluginOptions) {
    this.#options = options;
    this.#devices = options.devices ?? [];
    this.resourceName = options.resourceName;
    this.endpoint = options.endpoint ?? `${options.resourceName.replace('/', '_')}.sock`;
    this.socketPath = join(options.directory, this.endpoint);
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** Lists that wait in this process, because the kubelet does not read. */
  get unsentLists(): number {
    return Array.from(this.#streams, (stream) => stream.writableLength).reduce((sum, one) => sum + one, 0);
  }

  /** Serves the socket; without it, nobody answers the kubelet. */
  async listen(): Promise<void> {
    const server = new Server();
    server.addService(DevicePluginService, this.#service());
    // By this and not by `bindAsync`, for kubelets that send the path of the socket as `:authority`.
    this.#listener = await listenOnUnixSocket(server, this.socketPath);
  }

  /** @throws ServiceError with the kubelet's words in `details` */
  async register(changed: Partial<RegisterRequest> = {}): Promise<void> {
    const { resourceName } = this;
    const client = new RegistrationClient(
      `unix:${join(this.#options.directory, 'kubelet.sock')}`,
      credentials.createInsecure(),
      { 'grpc.use_local_subchannel_pool': 1, 'grpc.default_authority': 'localhost' },
    );
    const request = {
      version: 'v1beta1',
      endpoint: this.endpoint,
      resourceName,
      options: withDefaults(this.#options.options),
      ...changed,
    };
    try {
      await new Promise<void>((resolve, reject) => {
        client.register(request, (error: ServiceError | null) => {
          if (error === null) resolve();
          else reject(error);
        });
      });
    } finally {
      client.close();
    }
  }

  /** Sends a list to every stream, and to those that come. */
  list(devices: readonly RawDevice[]): void {
    this.#devices = devices;
    for (const stream of this.#streams) stream.write(listOf(devices));
  }

  /** Ends the streams with status OK; the plugin goes on serving. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  /** Drops every connection and removes the socket. */
  async stop(): Promise<void> {
    await this.#listener?.close();
    this.#listener = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #service(): DevicePluginServer {
    const { allocate = nothingForEach, preferred = () => [], preStart = () => undefined } = this.#options;
    const { askedOptions = () => withDefaults(this.#options.options) } = this.#options;
    return {
      getDevicePluginOptions: ({ request }, answer) => {
        this.calls.options.push(request);
        answering(answer, askedOptions);
      },
      listAndWatch: (stream) => {
        this.calls.listAndWatch.push(stream.request);
        this.#streams.add(stream);
        const forget = (): void => void this.#streams.delete(stream);
        stream.on('cancelled', forget).on('finish', forget).on('error', forget);
        stream.write(listOf(this.#devices));
      },
      allocate: ({ request }, answer) => {
        this.calls.allocate.push(request);
        answering(answer, () => ({ containerResponses: allocate(request) }));
      },
      getPreferredAllocation: ({ request }, answer) => {
        this.calls.preferred.push(request);
        answering(answer, () => ({ containerResponses: [{ deviceIds: [...preferred(request)] }] }));
      },
      preStartContainer: ({ request }, answer) => {
        this.calls.preStart.push(request);
        answering(answer, () => {
          preStart(request);
          return {};
        });
      },
    };
  }
}

/** Listening, registered, and told by `devices`. */
export async function startRawPlugin(options: RawPluginOptions): Promise<RawPlugin> {
  const plugin = new RawPlugin(options);
  await plugin.listen();
  await plugin.register().catch(async (error: unknown) => {
    await plugin.stop();
    throw error;
  });
  return plugin;
}

/** `slot-0` and so on, all healthy. */
export function healthyDevices(count: number): RawDevice[] {
  return Array.from({ length: count }, (_, index) => ({ id: `slot-${index}`, health: 'Healthy' }));
}

function listOf(devices: readonly RawDevice[]): ListAndWatchResponse {
  return { devices: devices.map(({ id, health }) => ({ id, health, topology: undefined })) };
}

function withDefaults(options: Partial<DevicePluginOptions> = {}): DevicePluginOptions {
  return { preStartRequired: false, getPreferredAllocationAvailable: false, ...options };
}

function nothingForEach({ containerRequests }: AllocateRequest): ContainerAllocateResponse[] {
  return containerRequests.map(() => noContainerAllocation);
}

function answering<T>(
  answer: (error: { code: number; details: string } | null, value?: T) => void,
  make: () => T,
): void {
  try {
    answer(null, make());
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    answer({ code: status.INVALID_ARGUMENT, details });
  }
}
