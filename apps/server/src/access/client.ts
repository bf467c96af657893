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
}

/**
 * By what the requests of a client are counted: its key, never in clear, where the server asks for keys; else its address.
 * Where nobody checks a key, anyone could make one up for each request.
 */
export function clientOf({ headers, ip }: Sender, asksForKeys: boolean): string {
  const key = asksForKeys
    ? [headers['x-api-key'], headers.authorization].find((text) => typeof text === 'string')
    : undefined;
  return key === undefined ? ip : createHash('sha256').update(key).digest('base64');
}
