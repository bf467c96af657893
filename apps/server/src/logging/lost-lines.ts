import { Inject, Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from '../metrics/metrics-registry.ts';

/** Injects the destination of the log's lines. */
export const LOG_OUTPUT = Symbol('nestor.log-output');

/** A destination that may lose lines of the log. */
export interface LostLines {
  /** How many it has lost so far. */
  readonly lostLines: number;
}

/** The number of lost log lines as a metric, read at each scrape. */
@Injectable()
export class LostLinesMetric {
  constructor(@Inject(LOG_OUTPUT) output: LostLines, { registry }: MetricsRegistry) {
    new Counter({
      name: 'nestor_log_lines_lost_total',
      help: 'Lines of the log that could not be written: the disk was full, or the reader had left or took nothing in.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(output.lostLines);
      },
    });
  }
}
