export { acceptAnyAuthority, type AcceptOptions } from './accept-any-authority.ts';
export { ConnectionFault, type ConnectionFaultKind } from './connection-fault.ts';
export { listenOnUnixSocket, type ListenOptions, type UnixSocketListener } from './unix-socket-listener.ts';
