import { Server, ServerCredentials, status } from '@grpc/grpc-js';

import { RegistrationService, type RegisterRequest, type RegistrationServer } from '../generated/v1beta1.ts';

export interface RunningServer {
  /** Cuts every connection, as the end of a process does. */
  kill(): void;
}

/** Serves `Registration` at the socket; what `register` throws is the answer's message. */
export async function serveRegistration(
  socketPath: string,
  register: (request: RegisterRequest) => Promise<void>,
): Promise<RunningServer> {
  const implementation: RegistrationServer = {
    register: ({ request }, answer) => {
      register(request).then(
        () => {
          answer(null, {});
        },
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          answer({ code: status.UNKNOWN, details });
        },
      );
    },
  };
  const server = new Server();
  server.addService(RegistrationService, implementation);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  return {
    kill: () => {
      server.forceShutdown();
    },
  };
}
