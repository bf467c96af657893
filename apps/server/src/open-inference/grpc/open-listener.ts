import type { Logger } from 'pino';
import type { Settings } from '#config';
import type { Engine } from '#engine';
import type { ModelMetrics } from '#metrics';
import type { KeyCheck } from '../../access/key-check.ts';
import type { RateLimit } from '../../access/rate-limit.ts';
import { trustedProxies } from '../../access/trusted-proxies.ts';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { GrpcMetrics } from '../../metrics/grpc-metrics.ts';
import type { RequestRecords } from '../../operation/request-records.ts';
import type { Pipeline } from '../../prediction/pipeline.ts';
import { Calls } from './calls.ts';
import { Health } from './health.ts';
import { InferenceService } from './inference-service.ts';
import { Listener } from './listener.ts';
import { MessageMemory } from './message-memory.ts';

/** The parts of the application that the gRPC server needs. */
export interface Surroundings {
  readonly settings: Settings;
  readonly models: Engine;
  readonly pipeline: Pipeline;
  readonly keys: KeyCheck;
  readonly rate: RateLimit;
  readonly records: RequestRecords;
  readonly metrics: GrpcMetrics;
  readonly budget: MemoryBudget;
  readonly modelMetrics: ModelMetrics;
  readonly logger: Logger;
  /** Whether this process is ready for requests. */
  readonly isReady: () => boolean;
}

/**
 * Builds the gRPC server without listening yet. This file imports the gRPC packages, so a server without gRPC does not
 * load it.
 */
export function openListener(from: Surroundings): Listener {
  const { settings, models, pipeline, modelMetrics, logger, isReady } = from;
  const calls = new Calls(from.keys, from.rate, from.records, from.metrics, trustedProxies(settings));
  const health = new Health(isReady);
  for (const event of ['loaded', 'unloaded', 'failed'] as const) models.on(event, () => health.update());
  const memory = new MessageMemory(from.budget, calls, settings);
  const service = new InferenceService(calls, memory, pipeline, models, modelMetrics, isReady, settings.maxBodyBytes);
  return new Listener(service, health, calls, memory, settings, logger);
}
