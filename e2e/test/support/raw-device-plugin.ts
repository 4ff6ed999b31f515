import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  Client,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServerWritableStream,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export interface RawDevicePluginOptions {
  /** Where the kubelet has `kubelet.sock`. */
  readonly directory: string;
  readonly resourceName: string;
  /** All healthy. */
  readonly ids: readonly string[];
  /** For each container that gets devices. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RawDevicePlugin extends AsyncDisposable {
  /** Registers at the kubelet that runs now; it has called back when this resolves. */
  register(): Promise<void>;
}

/** The device plugin that gRPC's tutorial would lead to: what the harness offers it must be enough without a library. */
export async function startRawDevicePlugin(options: RawDevicePluginOptions): Promise<RawDevicePlugin> {
  const { v1beta1 } = loadPackageDefinition(loadSync(proto)) as unknown as {
    readonly v1beta1: Readonly<Record<'DevicePlugin' | 'Registration', ServiceClientConstructor>>;
  };
  const register = v1beta1.Registration.service['Register'];
  if (register === undefined) throw new Error(`${proto} has no Register`);
  const endpoint = `raw-${process.pid}.sock`;
  const socket = join(options.directory, endpoint);
  const devices = options.ids.map((ID) => ({ id: ID, health: 'Healthy' }));
  const start = async (): Promise<Server> => {
    const server = new Server();
    server.addService(v1beta1.DevicePlugin.service, {
      GetDevicePluginOptions: answer(() => ({})),
      ListAndWatch: (call: ServerWritableStream<unknown, unknown>) => call.write({ devices }),
      Allocate: answer((request: { readonly containerRequests: readonly unknown[] }) => ({
        containerResponses: request.containerRequests.map(() => ({ envs: options.env })),
      })),
    });
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    return server;
  };
  let server = await start();
  const stop = async (): Promise<void> => {
    server.forceShutdown();
    await rm(socket, { force: true });
  };
  return {
    async register() {
      // A kubelet removes every socket when it starts.
      await stop();
      server = await start();
      const kubelet = `unix:${join(options.directory, 'kubelet.sock')}`;
      const client = new Client(kubelet, credentials.createInsecure());
      const request = { version: 'v1beta1', endpoint, resourceName: options.resourceName };
      try {
        await new Promise<void>((resolve, reject) => {
          const { path, requestSerialize, responseDeserialize } = register;
          client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error) => {
            if (error === null) resolve();
            else reject(error);
          });
        });
      } finally {
        client.close();
      }
    },
    [Symbol.asyncDispose]: stop,
  };
}

const proto = fileURLToPath(
  new URL('proto/v1beta1.proto', import.meta.resolve('@bwki/kubelet-dp/package.json')),
);

function answer<Request>(respond: (request: Request) => unknown) {
  return (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>): void => {
    callback(null, respond(call.request));
  };
}
