import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { RowReader, Rows } from '#features';
import type { ModelVersion } from '#engine';
import { PINO } from '../logging/logger.ts';
import { httpCaller } from './http-caller.ts';

/** Finds the rows in a request's body. */
export type ReadRows = (body: Buffer | undefined, reader: RowReader) => Rows;

/** The way of a request that holds rows and is answered with an item for each, whatever the protocol puts around them. */
@Injectable()
export class RowPredictions {
  constructor(@Inject(PINO) private readonly logger: Logger) {}

  /**
   * A JSON list with the prediction of each row.
   *
   * @throws NestorError what `read` throws, and what `ModelVersion.run` does
   */
  async predict(request: FastifyRequest, model: ModelVersion, read: ReadRows): Promise<string> {
    const served = { model: model.name, version: model.version, rows: 0 };
    request.served = served;
    const body = request.body as Buffer | undefined;
    const { inputs, count } = read(body, model.reader);
    served.rows = count;
    const writer = model.writer.rows;
    const run = { inputs, rows: count, outputs: writer.outputs };
    const { outputs } = await model.leased(() => model.run(run, httpCaller(request)));
    const predictions = writer.json(outputs, count);
    if (this.logger.isLevelEnabled('debug')) {
      this.logger.debug({ requestId: request.id, payload: body?.toString(), predictions }, 'prediction');
    }
    return predictions;
  }
}
