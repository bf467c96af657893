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

/** The memory budget for requests. It depends on the engine because loaded models reduce the memory that is left. */
export const memoryBudgetProvider: FactoryProvider<MemoryBudget> = {
  provide: MemoryBudget,
  inject: [HttpAdapterHost, Settings, Engine, PINO, MetricsRegistry],
  useFactory: (
    { httpAdapter }: HttpAdapterHost,
    { maxInflightBytes }: Settings,
    _: Engine,
    logger: Logger,
    { registry }: MetricsRegistry,
  ) => {
    const budget = new MemoryBudget(maxInflightBytes ?? shareOfRequests());
    httpAdapter.getInstance<FastifyInstance>().decorate('memoryBudget', budget);
    const source = maxInflightBytes === undefined ? 'half of what heap and models leave' : 'MAX_INFLIGHT_BYTES';
    logger.info({ bytes: budget.bytes, source }, limitSentence(budget.bytes));
    exportFigures(budget, registry);
    return budget;
  },
};

function shareOfRequests(): number {
  return Math.max(LEAST_BYTES, Math.floor((memoryLimit() - process.memoryUsage.rss()) * SHARE_OF_REQUESTS));
}

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
  }).set(budget.bytes);
}
