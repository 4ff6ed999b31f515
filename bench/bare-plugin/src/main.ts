/**
 * The least that a device plugin in Node can be, to measure another against: `@grpc/grpc-js`, the service's five methods,
 * one list, one registration; no restart is noticed and nothing is checked. Messages are passed as bytes that the caller
 * made, so that not even a protobuf library is loaded. Kubelets from 1.26 on only.
 *
 * Arguments: the socket, `kubelet.sock`, the `RegisterRequest` and the list, both in base64.
 */
import { promisify } from 'node:util';

import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';

const [socketPath = '', kubeletPath = '', registration = '', list = ''] = process.argv.slice(2);
const asIs = (bytes: Buffer): Buffer => bytes;
const method = (name: string, responseStream: boolean) =>
  ({
    path: `/v1beta1.DevicePlugin/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  }) as const;
const answerNothing = (_call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
  answer(null, Buffer.alloc(0));
};

const server = new Server();
server.addService(
  {
    GetDevicePluginOptions: method('GetDevicePluginOptions', false),
    ListAndWatch: method('ListAndWatch', true),
    GetPreferredAllocation: method('GetPreferredAllocation', false),
    Allocate: method('Allocate', false),
    PreStartContainer: method('PreStartContainer', false),
  },
  {
    GetDevicePluginOptions: answerNothing,
    ListAndWatch: (call: ServerWritableStream<Buffer, Buffer>) => {
      call.write(Buffer.from(list, 'base64'));
    },
    GetPreferredAllocation: answerNothing,
    Allocate: answerNothing,
    PreStartContainer: answerNothing,
  },
);
await promisify(server.bindAsync.bind(server))(`unix:${socketPath}`, ServerCredentials.createInsecure());
const client = new Client(`unix:${kubeletPath}`, credentials.createInsecure());
client.makeUnaryRequest(
  '/v1beta1.Registration/Register',
  asIs,
  asIs,
  Buffer.from(registration, 'base64'),
  (error) => {
    if (error !== null) throw error;
    client.close();
  },
);
