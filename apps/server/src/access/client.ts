import { createHash } from 'node:crypto';

/** The parts of a request that identify its sender, in any protocol. */
export interface Sender {
  /** HTTP headers or gRPC metadata. A key must be a string. */
  readonly headers: {
    readonly 'x-api-key'?: unknown;
    readonly authorization?: unknown;
    readonly accept?: unknown;
  };
  /** The sender's address without a port. */
  readonly ip: string;
  /** The accepted key; null before the check, and if the request needs no key. */
  acceptedKey: string | null;
}

/** An IPv4 address, perhaps mapped to IPv6, or with the port that some proxies add. */
const IPV4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i;

/**
 * The identity by which a client's requests are counted: a digest of its accepted key, or else its address. An invalid
 * key does not count, because a caller could make one up for each request.
 */
export function clientOf({ acceptedKey, ip }: Pick<Sender, 'acceptedKey' | 'ip'>): string {
  return acceptedKey === null ? (IPV4.exec(ip)?.[1] ?? ip) : createHash('sha256').update(acceptedKey).digest('base64');
}
