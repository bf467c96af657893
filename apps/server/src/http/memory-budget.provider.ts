import type { FactoryProvider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { Settings } from '#config';
import { Engine, memoryLimit } from '#engine';
import { PINO } from '../logging/logger.ts';
import { MemoryBudget } from '../memory/memory-budget.ts';
import { MetricsRegistry } from '../metrics/metrics-registry.ts';

declare module 'fastify' {
  interface FastifyInstance {
    memoryBudget: MemoryBudget;
  }
}

/** The share of the memory that heap and models leave. The rest is for runs, responses and garbage. */
const SHARE_OF_REQUESTS = 1 / 2;
/** Lets the server answer small requests even if almost no memory is left. */
const LEAST_BYTES = 16_777_216;

/** The memory budget for requests. It depends on the engine because models take memory, also those loaded while serving. */
export const memoryBudgetProvider: FactoryProvider<MemoryBudget> = {
  provide: MemoryBudget,
  inject: [HttpAdapterHost, Settings, Engine, PINO, MetricsRegistry],
  useFactory: (
    { httpAdapter }: HttpAdapterHost,
    { maxInflightBytes }: Settings,
    engine: Engine,
    logger: Logger,
    { registry }: MetricsRegistry,
  ) => {
    const share = shareOfRequests(engine);
    const budget = new MemoryBudget(maxInflightBytes ?? share());
    httpAdapter.getInstance<FastifyInstance>().decorate('memoryBudget', budget);
    const source = maxInflightBytes === undefined ? 'half of what heap and models leave' : 'MAX_INFLIGHT_BYTES';
    logger.info({ bytes: budget.bytes, source }, limitSentence(budget.bytes));
    exportFigures(budget, registry);
    if (maxInflightBytes === undefined) {
      const resize = (): void => budget.resize(share());
      engine.on('loaded', resize).on('unloaded', resize).on('moved', resize);
    }
    return budget;
  },
};

/**
 * Computes the budget from the memory that was in use at the start, and from the models that are served now. What is in
 * use later says less, because it includes garbage.
 */
function shareOfRequests(engine: Engine): () => number {
  const besideModels = process.memoryUsage.rss() - bytesOfModels(engine);
  return () => {
    const left = memoryLimit() - besideModels - bytesOfModels(engine);
    return Math.max(LEAST_BYTES, Math.floor(left * SHARE_OF_REQUESTS));
  };
}

/** The bytes of the served models' files; each worker has a copy. */
const bytesOfModels = (engine: Engine): number =>
  engine
    .status()
    .flatMap(({ served }) => served)
    .reduce((sum, { source, execution }) => sum + source.size * Math.max(1, execution.workers), 0);

/** Explains the budget to the server's operator. */
function limitSentence(bytes: number): string {
  const mebibytes = Math.floor(bytes / 2 ** 20);
  return `Requests in flight may use ${mebibytes} MiB of memory; beyond that they are rejected with 503 MEMORY_FULL`;
}

function exportFigures(budget: MemoryBudget, registry: MetricsRegistry['registry']): void {
  new Gauge({
    name: 'nestor_inflight_bytes',
    help: 'Memory counted for requests in flight.',
    registers: [registry],
    collect() {
      this.set(budget.held);
    },
  });
  new Gauge({
    name: 'nestor_inflight_bytes_limit',
    help: 'The limit on the memory counted for requests in flight. Requests beyond it are rejected.',
    registers: [registry],
    collect() {
      this.set(budget.bytes);
    },
  });
}
