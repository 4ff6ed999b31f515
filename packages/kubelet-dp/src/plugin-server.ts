import { Server, type ServerWritableStream } from '@grpc/grpc-js';

import { type ConnectionFault, listenOnUnixSocket, type UnixSocketListener } from './authority/index.ts';
import type {
  AllocateRequest,
  Empty,
  PreferredAllocationRequest,
  PreStartContainerRequest,
} from './generated/v1beta1.ts';
import { listenFault } from './listen-fault.ts';
import type { ListStreams } from './list-streams.ts';
import type { PluginCalls } from './plugin-calls.ts';
import { encodedListService, unaryHandler } from './plugin-service.ts';
import { socketFileAt, type SocketFile } from './socket-file.ts';

/** For calls under way when a server is closed. */
const graceMs = 1000;
/** A request may name every device of the largest list twice over. */
const maxRequestBytes = 16 * 1024 * 1024;

export interface PluginServerOptions {
  readonly socketPath: string;
  readonly calls: PluginCalls;
  readonly streams: ListStreams;
  readonly onFault: (fault: ConnectionFault) => void;
}

/** One generation of the plugin: a server at a socket that has never been before and will never be again (B61). */
export class PluginServer implements AsyncDisposable {
  readonly socketPath: string;
  readonly streams: ListStreams;
  /** Undefined if it was removed as soon as it was made. */
  readonly socketFile: SocketFile | undefined;
  readonly #server: Server;
  readonly #listener: UnixSocketListener;
  readonly #ending: AbortController;

  private constructor(
    { socketPath, streams }: PluginServerOptions,
    parts: {
      readonly server: Server;
      readonly listener: UnixSocketListener;
      readonly ending: AbortController;
      readonly socketFile: SocketFile | undefined;
    },
  ) {
    this.socketPath = socketPath;
    this.streams = streams;
    this.socketFile = parts.socketFile;
    this.#server = parts.server;
    this.#listener = parts.listener;
    this.#ending = parts.ending;
  }

  /** @throws DevicePluginError DEVICE_DIRECTORY_MISSING, DEVICE_DIRECTORY_DENIED, DEVICE_LISTEN_FAILED */
  static async open(options: PluginServerOptions): Promise<PluginServer> {
    const { socketPath, calls, streams, onFault } = options;
    const ending = new AbortController();
    const server = new Server({
      'grpc.enable_channelz': 0,
      'grpc.max_receive_message_length': maxRequestBytes,
    });
    server.addService(encodedListService, {
      getDevicePluginOptions: unaryHandler(() => calls.options(), ending.signal),
      listAndWatch: (call: ServerWritableStream<Empty, Buffer>) => void streams.serve(call),
      getPreferredAllocation: unaryHandler(
        (request: PreferredAllocationRequest, signal) => calls.preferred(request, signal),
        ending.signal,
      ),
      allocate: unaryHandler(
        (request: AllocateRequest, signal) => calls.allocate(request, signal),
        ending.signal,
      ),
      preStartContainer: unaryHandler(
        (request: PreStartContainerRequest, signal) => calls.preStart(request, signal),
        ending.signal,
      ),
    });
    try {
      const listener = await listenOnUnixSocket(server, socketPath, { onFault });
      const socketFile = await socketFileAt(socketPath);
      return new PluginServer(options, { server, listener, ending, socketFile });
    } catch (error) {
      server.forceShutdown();
      throw await listenFault(socketPath, error);
    }
  }

  /** Whether its socket is still there and is the one that it made. */
  async isInPlace(): Promise<boolean> {
    const found = await socketFileAt(this.socketPath);
    return found !== undefined && found.identity === this.socketFile?.identity;
  }

  /** Ends the lists, tells the calls under way to end and, a second later, ends them; removes the socket. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.streams.close();
    this.#ending.abort();
    await this.#listener.close({ graceMs });
    this.#server.forceShutdown();
  }
}
