import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { ModelMetrics } from '#metrics';
import { PINO } from '../logging/logger.ts';
import { type Outcome, RequestLog } from '../logging/request-log.ts';

/** Records the outcome of requests in all protocols: a line in the log, and the metrics of their model. */
@Injectable()
export class RequestRecords {
  private readonly log: RequestLog;

  constructor(
    private readonly models: ModelMetrics,
    @Inject(PINO) logger: Logger,
  ) {
    this.log = new RequestLog(logger);
  }

  /** @param fields the fields that identify the request, already as JSON (`"requestId":"…","status":200`) */
  write(fields: string, outcome: Outcome): void {
    const { served, failure, durationMs } = outcome;
    if (served) {
      this.models.of(served.model, served.version).answered(failure?.code ?? 'ok', served.rows, durationMs / 1000);
    }
    this.log.write(fields, outcome);
  }
}
