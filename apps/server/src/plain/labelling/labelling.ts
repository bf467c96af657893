import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import type { ModelVersion } from '#engine';
import { NestorError, toNestorError } from '#errors';
import { labelCsv } from '#labelling';
import type { Served } from '../../logging/request-log.ts';
import { PINO } from '../../logging/logger.ts';
import { encodingOfTable } from '../../http/charset.ts';
import { LongUploads } from './long-uploads.ts';
import { LABELLED_CSV } from './read-csv-body.ts';
import { UnlabelledBytes } from './unlabelled-bytes.ts';

/** Labels CSV while it arrives: the response begins before the request ends, and neither has a limit on its length. */
@Injectable()
export class Labelling {
  private readonly idleMs: number;

  constructor(
    settings: Settings,
    private readonly uploads: LongUploads,
    @Inject(PINO) private readonly logger: Logger,
  ) {
    this.idleMs = 2 * settings.requestTimeoutSeconds * 1000;
  }

  /**
   * Sends the labelled rows. Throws the header's errors before the response begins. Later, a column tells why a row has
   * no label, and an end without a last chunk tells that the response is incomplete.
   */
  async answer(
    model: ModelVersion,
    source: Readable,
    request: FastifyRequest,
    reply: FastifyReply,
    served: Served,
  ): Promise<FastifyReply> {
    const pieces = this.label(model, source, request, reply, served);
    const first = await pieces.next();
    const text = Readable.from(beginningWith(first, pieces), { objectMode: false });
    return reply.header('content-type', LABELLED_CSV).send(text);
  }

  /** Leases the version while rows arrive. */
  private async *label(
    model: ModelVersion,
    source: Readable,
    request: FastifyRequest,
    reply: FastifyReply,
    served: Served,
  ): AsyncGenerator<string, void, void> {
    const caller = request.caller();
    const encoding = encodingOfTable(request.headers['content-type']);
    model.lease();
    const end = this.uploads.begin(request.raw.socket, this.idleMs);
    const unlabelled = new UnlabelledBytes(source, request);
    try {
      for await (const { text, rows } of labelCsv(unlabelled, model, { ...caller, encoding })) {
        served.rows += rows;
        unlabelled.forget();
        yield text;
      }
    } catch (error) {
      const failure = toNestorError(caller.gone() ? cancelled(error) : error);
      if (reply.raw.headersSent) this.report(request, served, failure);
      throw failure;
    } finally {
      // Reads the remaining rows, without which the connection could not be reused.
      source.resume();
      end();
      model.release();
    }
  }

  /** Logs a response that is cut off: Fastify does not log it, because it never completes. */
  private report(request: FastifyRequest, served: Served, { code, message, cause, entry }: NestorError): void {
    const line = { requestId: request.id, ...served, code, detail: message };
    if (entry.status >= 500) this.logger.error({ ...line, err: cause }, 'labelling failed');
    else this.logger.info(line, 'labelling ended early');
  }
}

const cancelled = (cause: unknown): NestorError =>
  new NestorError('CANCELLED', 'The client left before all rows were labelled.', { cause });

/** Puts the first piece back in front of the rest. Ending this ends the generator. */
function beginningWith(
  first: IteratorResult<string, void>,
  pieces: AsyncGenerator<string, void, void>,
): AsyncIterable<string> {
  let begun = false;
  const next = (): Promise<IteratorResult<string, void>> => {
    if (begun) return pieces.next();
    begun = true;
    return Promise.resolve(first);
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: () => pieces.return() }) };
}
