import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The address that means all addresses of this machine: `::`, which includes IPv4, or `0.0.0.0` without IPv6. */
export async function everyAddress(): Promise<string> {
  // Without an address, Node tries `::` and then `0.0.0.0`.
  const server = createServer();
  await once(server.listen(0), 'listening');
  const { address } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return address;
}
