import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine } from '#engine';
import { ModelMetrics } from '#metrics';
import { KeyCheck } from '../../access/key-check.ts';
import { RateLimit } from '../../access/rate-limit.ts';
import { Drain } from '../../lifecycle/drain.ts';
import { Readiness } from '../../prediction/readiness.ts';
import { MemoryBudget } from '../../memory/memory-budget.ts';
import { PINO } from '../../logging/logger.ts';
import { GrpcMetrics } from '../../metrics/grpc-metrics.ts';
import { RequestRecords } from '../../operation/request-records.ts';
import { Pipeline } from '../../prediction/pipeline.ts';
import type { Listener } from './listener.ts';
import { loadOpener } from './load.ts';

/** Ties the gRPC server to the application's life: it is created, drains and stops with the application. */
@Injectable()
export class GrpcServer implements OnModuleInit {
  private listener: Listener | undefined;

  constructor(
    private readonly settings: Settings,
    @Inject(Engine) private readonly models: Engine,
    private readonly pipeline: Pipeline,
    private readonly keys: KeyCheck,
    private readonly rate: RateLimit,
    private readonly records: RequestRecords,
    private readonly metrics: GrpcMetrics,
    private readonly modelMetrics: ModelMetrics,
    private readonly budget: MemoryBudget,
    private readonly drain: Drain,
    private readonly readiness: Readiness,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  /** The address it listens on, such as `0.0.0.0:8081`. */
  get address(): string {
    return this.listener?.address ?? '';
  }

  async onModuleInit(): Promise<void> {
    const { settings, models, pipeline, keys, rate, records, metrics, modelMetrics, budget, logger } = this;
    const { drain, readiness } = this;
    const openListener = await loadOpener();
    const isReady = (): boolean => readiness.isReady;
    this.listener = openListener({
      settings,
      models,
      pipeline,
      keys,
      rate,
      records,
      metrics,
      modelMetrics,
      budget,
      logger,
      isReady,
    });
    drain.include(this.listener);
  }

  /** @throws SettingsError if the port is not available */
  async listen(host: string): Promise<void> {
    await this.listener?.listen(host, this.settings.grpcPort);
    this.logger.info({ grpc: this.address }, `gRPC on ${this.address}`);
  }
}
