import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { NestorError } from '#errors';

/** Whether the answer to CSV is to be CSV: the Accept header names it. */
export function wantsCsv({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.split(',').some((range) => /^\s*text\/csv\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(range));
}

/** A body of CSV: to be read while it is answered where the answer is CSV too, else whole and within the bound. */
export async function readCsvBody(
  request: FastifyRequest,
  payload: Readable,
  maxBytes: number,
): Promise<Readable | Buffer> {
  if (wantsCsv(request)) return payload;
  const tooLarge = (): NestorError =>
    new NestorError('BODY_TOO_LARGE', `The body has more than ${maxBytes} bytes.`, {
      errors: [{ detail: 'With "Accept: text/csv" CSV is labelled as CSV, of any length.' }],
    });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  // The rest of a body that is too large is left to the server, which still has to answer.
  for await (const piece of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
