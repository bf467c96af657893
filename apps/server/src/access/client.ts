import { createHash } from 'node:crypto';
import type { Credentials } from './key-check.ts';

/**
 * By what the requests of a client are counted: its key, never in clear, where the server asks for keys; else its address.
 * Where nobody checks a key, anyone could make one up for each request.
 */
export function clientOf(headers: Credentials, address: string, asksForKeys: boolean): string {
  const key = asksForKeys
    ? [headers['x-api-key'], headers.authorization].find((text) => typeof text === 'string')
    : undefined;
  return key === undefined ? address : createHash('sha256').update(key).digest('base64');
}
