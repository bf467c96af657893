import { all, compile } from '@fastify/proxy-addr';
import type { IncomingMessage } from 'node:http';

/** Whether an address, `hop` steps from this server, belongs to a proxy whose headers are trusted. */
export type TrustedProxies = (address: string, hop: number) => boolean;

/** The proxies of `TRUST_PROXY`: a number of hops, or a list of networks. */
export function trustedProxies({ trustProxy }: { readonly trustProxy?: string | undefined }): TrustedProxies {
  if (trustProxy === undefined) return () => false;
  const hops = Number(trustProxy);
  if (Number.isInteger(hops)) return (_address, hop) => hop < hops;
  return compile(trustProxy.split(',').map((network) => network.trim()));
}

/** The sender's address behind these proxies: the nearest one that does not belong to a proxy. */
export function addressBehind(proxies: TrustedProxies, peer: string, forwardedFor: unknown): string {
  // The parts of a request that `proxy-addr` reads.
  const request = { headers: { 'x-forwarded-for': forwardedFor }, socket: { remoteAddress: peer } };
  return all(request as unknown as IncomingMessage, proxies).at(-1)!;
}
