import { Metadata } from '@grpc/grpc-js';
import { GRPC_STATUS, type NestorError } from '#errors';

/** Error texts travel in a trailer, and clients accept trailers of some 8 KiB. */
const LONGEST_DETAILS = 2000;

const NAMES = new Map<number, string>(Object.entries(GRPC_STATUS).map(([name, code]) => [code, name]));

export interface CallStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The name of a response's status code. */
export function statusName(error: NestorError | undefined): string {
  return error === undefined ? 'OK' : (NAMES.get(error.entry.grpc) ?? 'UNKNOWN');
}

/**
 * Turns an error into a call's status: the catalogue's code and the same text as over REST. If a retry helps,
 * `grpc-retry-pushback-ms` tells retrying clients when.
 *
 * Source: grpc/proposal, A6-client-retries.md.
 */
export function statusOf(error: NestorError, { id }: { readonly id: string }): CallStatus {
  const metadata = new Metadata();
  metadata.set('x-request-id', id);
  if (error.retryAfterSeconds !== undefined) {
    metadata.set('grpc-retry-pushback-ms', String(error.retryAfterSeconds * 1000));
  }
  return { code: error.entry.grpc, details: detailsOf(error), metadata };
}

/** Cutting the text may split a surrogate pair, which cannot be sent. */
export function detailsOf({ message }: NestorError): string {
  return message.slice(0, LONGEST_DETAILS).toWellFormed();
}
