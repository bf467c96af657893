import { all, compile } from '@fastify/proxy-addr';
import type { IncomingMessage } from 'node:http';

/** Whether an address, `hop` steps from this server, is that of a proxy whose headers are believed. */
export type TrustedProxies = (address: string, hop: number) => boolean;

/** The proxies that `TRUST_PROXY` names: so many hops, or all in these networks. */
export function trustedProxies({ trustProxy }: { readonly trustProxy?: string | undefined }): TrustedProxies {
  if (trustProxy === undefined) return () => false;
  const hops = Number(trustProxy);
  if (Number.isInteger(hops)) return (_address, hop) => hop < hops;
  return compile(trustProxy.split(',').map((network) => network.trim()));
}

/** The address of who sent a request through these proxies: the first one on its way back that is none of theirs. */
export function addressBehind(proxies: TrustedProxies, peer: string, forwardedFor: unknown): string {
  // As much of a request as is looked at.
  const request = { headers: { 'x-forwarded-for': forwardedFor }, socket: { remoteAddress: peer } };
  return all(request as unknown as IncomingMessage, proxies).at(-1)!;
}
