import { once } from 'node:events';
import { connect } from 'node:tls';

/** The serial number of the certificate that a server shows; throws when it is not of that name, or not by that CA. */
export async function servedSerial(
  host: string,
  port: number,
  servername: string,
  ca: string,
): Promise<string> {
  const socket = connect({ host, port, servername, ca });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate().serialNumber;
  } finally {
    socket.destroy();
  }
}
