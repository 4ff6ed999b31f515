import { status } from '@grpc/grpc-js';

/** Two names that Go's gRPC spells in a way of its own; the others are the same in CamelCase. */
const spelledOtherwise: Readonly<Record<string, string>> = { OK: 'OK', CANCELLED: 'Canceled' };

/** `DEADLINE_EXCEEDED` for 4. */
export function statusName(code: number): string {
  return status[code] ?? 'UNKNOWN';
}

/** An error of a call as the kubelet words it: `rpc error: code = InvalidArgument desc = no such device`. */
export function goErrorText(error: { readonly code: number; readonly details: string }): string {
  const name = statusName(error.code);
  const camelCase = name
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');
  return `rpc error: code = ${spelledOtherwise[name] ?? camelCase} desc = ${error.details}`;
}
