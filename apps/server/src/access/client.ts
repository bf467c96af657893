import { createHash } from 'node:crypto';

/** What a request shows of who sends it, over whatever protocol. */
export interface Sender {
  /** Of HTTP, or the metadata of gRPC. Other than text is no key. */
  readonly headers: {
    readonly 'x-api-key'?: unknown;
    readonly authorization?: unknown;
    readonly accept?: unknown;
  };
  /** Its address, without a port. */
  readonly ip: string;
  /** The key that let it in; null before it is checked, and where none is asked for. */
  acceptedKey: string | null;
}

/** An IPv4 address as sockets of both families give it, or as proxies that add the port do. */
const IPV4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i;

/**
 * By what the requests of a client are counted: the key that let it in, never in clear; else its address. A key that
 * nobody accepted is none: a caller could make one up for each request.
 */
export function clientOf({ acceptedKey, ip }: Pick<Sender, 'acceptedKey' | 'ip'>): string {
  return acceptedKey === null ? (IPV4.exec(ip)?.[1] ?? ip) : createHash('sha256').update(acceptedKey).digest('base64');
}
