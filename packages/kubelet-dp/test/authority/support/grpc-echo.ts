import {
  Client,
  credentials,
  Server,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';

/** Bytes as they are: no generated code is needed. */
const asIs = (bytes: Buffer): Buffer => bytes;
const plain = {
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};

export const unaryPath = '/test.Echo/Unary';
export const watchPath = '/test.Echo/Watch';

export interface EchoServer {
  readonly server: Server;
  /** Streams that are open: `Watch` sends one message and then nothing until it is cancelled. */
  readonly watching: ReadonlySet<unknown>;
  /** Unary calls that have come. */
  readonly called: () => number;
}

/** A gRPC server; `Unary` answers with the authority it sees, after `holdUnary` if there is one. */
export function echoServer(holdUnary?: Promise<unknown>): EchoServer {
  const watching = new Set<unknown>();
  let called = 0;
  const server = new Server();
  server.addService(
    {
      Unary: { path: unaryPath, requestStream: false, responseStream: false, ...plain },
      Watch: { path: watchPath, requestStream: false, responseStream: true, ...plain },
    },
    {
      Unary: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
        called++;
        void Promise.resolve(holdUnary).then(() => {
          done(null, Buffer.from(call.getHost()));
        });
      },
      Watch: (call: ServerWritableStream<Buffer, Buffer>) => {
        watching.add(call);
        call.on('cancelled', () => watching.delete(call));
        call.write(Buffer.from(call.getHost()));
      },
    },
  );
  return { server, watching, called: () => called };
}

export class EchoClient implements Disposable {
  readonly #client: Client;

  constructor(path: string, authority: string) {
    const target = `unix:${path}`;
    // Each client has a connection of its own.
    const options = { 'grpc.default_authority': authority, 'grpc.use_local_subchannel_pool': 1 };
    this.#client = new Client(target, credentials.createInsecure(), options);
  }

  unary(): Promise<string> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + 10_000;
      this.#client.makeUnaryRequest(
        unaryPath,
        asIs,
        asIs,
        Buffer.from('x'),
        { deadline },
        (error, answer) => {
          if (error !== null) reject(error);
          else resolve(answer?.toString() ?? '');
        },
      );
    });
  }

  /** Opens a stream and waits for its first message. */
  async watch(): Promise<Watch> {
    const call = this.#client.makeServerStreamRequest(watchPath, asIs, asIs, Buffer.alloc(0));
    const ended = new Promise<string>((resolve) => {
      call.once('error', (error: Error) => {
        resolve(error.message);
      });
      call.once('end', () => {
        resolve('');
      });
    });
    const first = await new Promise<string>((resolve, reject) => {
      call.once('data', (message: Buffer) => {
        resolve(message.toString());
      });
      call.once('error', reject);
    });
    return {
      first,
      ended,
      cancel: () => {
        call.cancel();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

export interface Watch {
  readonly first: string;
  /** How it ended: the error's text, empty when the server ended it. */
  readonly ended: Promise<string>;
  cancel(): void;
}
