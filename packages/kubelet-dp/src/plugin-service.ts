import { type MethodDefinition, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

import { toDevicePluginError } from './device-plugin-error.ts';
import { DevicePluginService, type Empty } from './generated/v1beta1.ts';

type EncodedListService = Omit<typeof DevicePluginService, 'listAndWatch'> & {
  readonly listAndWatch: MethodDefinition<Empty, Buffer>;
};

/** The kubelet's service, except that a list is given encoded: it is so once, not for each reader (B63). */
export const encodedListService: EncodedListService = {
  ...DevicePluginService,
  listAndWatch: {
    ...DevicePluginService.listAndWatch,
    responseSerialize: (message: Buffer): Buffer => message,
    responseDeserialize: (message: Buffer): Buffer => message,
  },
};

/**
 * The handler of a call with one answer. What `answer` throws becomes the status, with its message; its signal is
 * aborted when the kubelet gives the call up, or with `ending`.
 */
export function unaryHandler<Request, Response>(
  answer: (request: Request, signal: AbortSignal) => Response | Promise<Response>,
  ending: AbortSignal,
): (call: ServerUnaryCall<Request, Response>, respond: sendUnaryData<Response>) => void {
  const handle = async (
    call: ServerUnaryCall<Request, Response>,
    respond: sendUnaryData<Response>,
  ): Promise<void> => {
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort();
    };
    call.once('cancelled', abort);
    ending.addEventListener('abort', abort, { once: true });
    if (ending.aborted) abort();
    try {
      respond(null, await answer(call.request, controller.signal));
    } catch (error) {
      const { status: name, message } = toDevicePluginError(error, 'DEVICE_CALL_FAILED');
      // Half of a surrogate pair cannot be sent.
      respond({ code: status[name], details: message.toWellFormed() });
    } finally {
      ending.removeEventListener('abort', abort);
    }
  };
  return (call, respond) => void handle(call, respond);
}
