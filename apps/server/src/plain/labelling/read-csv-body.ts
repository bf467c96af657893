import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { NestorError } from '#errors';
import { askForBody } from '../../http/expect-continue.ts';
import { preferredType } from '../../http/negotiation.ts';
import { Pieces, readBody, type ReadRequest } from '../../http/read-body.ts';

/** CSV as it is sent: a client may ask for it with its parameters or without. */
export const LABELLED_CSV = 'text/csv; charset=utf-8; header=present';

/** What is counted for a file that is labelled as it comes. */
const STREAM_BYTES = 1_048_576;

/** Whether the answer to CSV is to be CSV: the Accept header prefers it to JSON. */
const wantsCsv = ({ accept }: IncomingHttpHeaders): boolean =>
  preferredType(accept, ['application/json', LABELLED_CSV]) === LABELLED_CSV;

/**
 * A body of CSV: to be read while it is answered where the answer is CSV too, else whole and within the bound.
 *
 * @throws by way of `done`: what `readBody` throws; NestorError MEMORY_FULL; UNSUPPORTED_MEDIA_TYPE for compressed CSV to be answered
 * while it comes
 */
export function readCsvBody(
  request: ReadRequest,
  payload: Readable,
  maxBytes: number,
  done: (error: Error | null, body?: Readable | Buffer) => void,
): void {
  const { headers } = request;
  if (!wantsCsv(headers)) {
    readBody(
      request,
      payload,
      maxBytes,
      () => new Pieces(request),
      (error, body) => done(error && withHint(error), body),
    );
  } else if ((headers['content-encoding'] ?? 'identity') === 'identity') {
    readAsItComes(request, payload, done);
  } else {
    done(
      new NestorError(
        'UNSUPPORTED_MEDIA_TYPE',
        'CSV that is labelled as CSV is read as it comes: send it without Content-Encoding.',
      ),
    );
  }
}

/** What is labelled and forgotten leaves room for what comes: a file takes no more than a batch of its rows. */
function readAsItComes(
  request: ReadRequest,
  payload: Readable,
  done: (error: Error | null, body?: Readable) => void,
): void {
  try {
    request.server.memoryBudget.hold(request, STREAM_BYTES);
  } catch (error) {
    done(error as Error);
    return;
  }
  askForBody(request.raw);
  done(null, payload);
}

function withHint(error: Error): Error {
  if (!(error instanceof NestorError) || error.code !== 'BODY_TOO_LARGE') return error;
  return new NestorError(error.code, error.message, {
    errors: [{ detail: 'With "Accept: text/csv" CSV is labelled as CSV, of any length.' }],
  });
}
