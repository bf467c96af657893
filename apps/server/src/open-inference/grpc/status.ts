import { Metadata } from '@grpc/grpc-js';
import { GRPC_STATUS, type NestorError } from '#errors';

/** Texts travel in a trailer, of which clients take some 8 KiB. */
const LONGEST_DETAILS = 2000;

const NAMES = new Map<number, string>(Object.entries(GRPC_STATUS).map(([name, code]) => [code, name]));

export interface CallStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The name of an answer's status code. */
export function statusName(error: NestorError | undefined): string {
  return error === undefined ? 'OK' : (NAMES.get(error.entry.grpc) ?? 'UNKNOWN');
}

/**
 * An error as the status of a call: the catalogue's code, and the text that REST gives. Where it helps to try again,
 * clients that do so by themselves are told when.
 *
 * Source: grpc/proposal, A6-client-retries.md, for grpc-retry-pushback-ms.
 */
export function statusOf(error: NestorError, { id }: { readonly id: string }): CallStatus {
  const metadata = new Metadata();
  metadata.set('x-request-id', id);
  if (error.retryAfterSeconds !== undefined) {
    metadata.set('grpc-retry-pushback-ms', String(error.retryAfterSeconds * 1000));
  }
  return { code: error.entry.grpc, details: detailsOf(error), metadata };
}

/** Half a character, which a cut may leave, cannot be sent. */
export function detailsOf({ message }: NestorError): string {
  return message.slice(0, LONGEST_DETAILS).toWellFormed();
}
