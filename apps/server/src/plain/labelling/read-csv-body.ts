import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { NestorError } from '#errors';
import { askForBody } from '../../http/expect-continue.ts';
import { preferredType } from '../../http/negotiation.ts';
import { Pieces, readBody, type ReadRequest } from '../../http/read-body.ts';

/** The media type of labelled CSV. Clients may ask for it with or without the parameters. */
export const LABELLED_CSV = 'text/csv; charset=utf-8; header=present';

/** The memory that a file counts for while it is labelled. */
const STREAM_BYTES = 1_048_576;

/** Whether the Accept header prefers CSV to JSON. */
const wantsCsv = ({ accept }: IncomingHttpHeaders): boolean =>
  preferredType(accept, ['application/json', LABELLED_CSV]) === LABELLED_CSV;

/**
 * Reads a CSV body: as a stream if the response is CSV too, else whole and up to the size limit.
 *
 * `done` receives the errors of `readBody`, MEMORY_FULL, or UNSUPPORTED_MEDIA_TYPE for compressed CSV that is to be
 * labelled while it arrives.
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
        'Nestor labels CSV while it arrives, which needs an uncompressed body. Send it without Content-Encoding.',
      ),
    );
  }
}

/** Labelled rows are released, so a file takes no more memory than a batch of its rows. */
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
    errors: [{ detail: 'Send "Accept: text/csv" to have CSV of any length labelled.' }],
  });
}
