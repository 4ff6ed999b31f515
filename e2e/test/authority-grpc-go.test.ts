/** The client that kubelets have, with every authority that they have sent. @needs grpc-go-client */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { acceptAnyAuthority, listenOnUnixSocket } from '@bwki/kubelet-dp/authority';
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { describe, expect, inject, it } from 'vitest';

import { hasOwnControlPlane } from './support/open-cluster.ts';
import { toolsOfRun } from './support/tools-of-run.ts';

const unaryPath = '/test.Echo/Unary';
const streamPath = '/test.Echo/Stream';
const messages = 100;

const asIs = (bytes: Buffer): Buffer => bytes;
const plain = {
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};

/** Answers with the authority and the metadata `call`, which another value has each time. */
function echoServer(): Server {
  const server = new Server();
  server.addService(
    {
      Unary: { path: unaryPath, requestStream: false, responseStream: false, ...plain },
      Stream: { path: streamPath, requestStream: false, responseStream: true, ...plain },
    },
    {
      Unary: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
        done(null, Buffer.from(`${call.getHost()} ${call.metadata.get('call').join()}`));
      },
      Stream: (call: ServerWritableStream<Buffer, Buffer>) => {
        for (let sent = 0; sent < messages; sent++) call.write(Buffer.from(call.getHost()));
        call.end();
      },
    },
  );
  return server;
}

/** What the client is told, what the server then has to see, and whether Node alone refuses it. */
interface Form {
  readonly form: string;
  readonly args: readonly string[];
  readonly seen: string;
  readonly refusedUnaided: boolean;
}

const forms: readonly Form[] = [
  {
    form: 'a path, as kubelets send it to 1.25',
    args: ['--authority=/var/lib/kubelet/device-plugins/x.sock'],
    seen: 'localhost',
    refusedUnaided: true,
  },
  {
    form: 'a percent-encoded path, as for plugins_registry from 1.29',
    args: ['--authority=%2Fvar%2Flib%2Fkubelet%2Fplugins%2Fx.sock'],
    seen: '%2Fvar%2Flib%2Fkubelet%2Fplugins%2Fx.sock',
    refusedUnaided: false,
  },
  { form: 'localhost', args: ['--authority=localhost'], seen: 'localhost', refusedUnaided: false },
  { form: 'unix:/x', args: ['--authority=unix:/x'], seen: 'localhost', refusedUnaided: true },
  { form: 'an empty one', args: ['--target=passthrough:///'], seen: 'localhost', refusedUnaided: true },
  { form: 'that of a unix target', args: ['--target=unix:///x'], seen: 'localhost', refusedUnaided: false },
];

interface Report {
  readonly unary: readonly string[];
  readonly stream: readonly string[];
}

async function call(socket: string, args: readonly string[]): Promise<Report> {
  const { 'grpc-go-client': client } = toolsOfRun('grpc-go-client');
  const all = [`--socket=${socket}`, `--unary=${unaryPath}`, `--stream=${streamPath}`, ...args];
  const { stdout } = await promisify(execFile)(client, all);
  return JSON.parse(stdout) as Report;
}

async function socketPath(): Promise<string> {
  return join(await mkdtemp(join(inject('e2e').workDirectory, 'authority-')), 's.sock');
}

describe.runIf(hasOwnControlPlane())('B60: grpc-go as the client', () => {
  it.each(forms)('$form: calls and a stream on one connection', async ({ args, seen }) => {
    await using listener = await listenOnUnixSocket(echoServer(), await socketPath());
    expect(await call(listener.path, args)).toEqual({
      unary: [`${seen} 0`, `${seen} 1`, `${seen} 2`],
      stream: Array.from({ length: messages }, () => seen),
    });
  });

  it.each(forms)('$form: the server gets the very socket unless Node would refuse', async (form) => {
    const untouched: boolean[] = [];
    const injector = echoServer().createConnectionInjector(ServerCredentials.createInsecure());
    const listening = createServer((socket) => {
      acceptAnyAuthority(socket, (connection) => {
        untouched.push(connection === socket);
        injector.injectConnection(connection);
      });
    });
    const path = await socketPath();
    listening.listen(path);
    await once(listening, 'listening');
    await call(path, form.args);
    listening.close();
    injector.destroy();
    expect(untouched).toEqual([!form.refusedUnaided]);
  });

  it.each(forms.filter(({ refusedUnaided }) => refusedUnaided))(
    '$form: refused by the bare server, so that the others prove something',
    async ({ args }) => {
      const server = echoServer();
      const path = await socketPath();
      await promisify(server.bindAsync.bind(server))(`unix:${path}`, ServerCredentials.createInsecure());
      await expect(call(path, args)).rejects.toThrow('PROTOCOL_ERROR');
      server.forceShutdown();
    },
  );
});
