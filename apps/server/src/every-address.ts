import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The address that stands for all addresses of this machine: `::`, which takes IPv4 too, or `0.0.0.0` without IPv6. */
export async function everyAddress(): Promise<string> {
  // Where no address is named, Node tries the one and then the other.
  const server = createServer();
  await once(server.listen(0), 'listening');
  const { address } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return address;
}
