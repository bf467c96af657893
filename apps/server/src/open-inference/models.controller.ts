import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { NestorError } from '#errors';
import { Engine, type ModelVersion } from '#engine';
import { ModelMetrics } from '#metrics';
import { Operation } from '../http/operation.ts';
import { renderError } from './error-form.ts';
import { type ModelMetadata, modelMetadata } from './metadata.ts';
import { type ModelConfig, modelConfig } from './model-config.ts';
import { type ModelStatistics, modelStatistics } from './statistics.ts';

interface Readiness {
  readonly name: string;
  readonly ready: boolean;
  readonly error?: string;
}

interface Statistics {
  readonly model_stats: readonly ModelStatistics[];
}

/** Model metadata. A path without a version means the default version; for statistics it means all served versions. */
@Operation({ renderError })
@Controller('v2/models')
export class OpenInferenceModelsController {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    private readonly metrics: ModelMetrics,
  ) {}

  @Get()
  list(): { models: string[] } {
    return {
      models: this.models
        .status()
        .filter(({ served }) => served.length > 0)
        .map(({ name }) => name),
    };
  }

  @Get('stats')
  allStatistics(): Statistics {
    return this.statisticsOf(this.models.status().flatMap(({ served }) => served));
  }

  @Get([':name', ':name/versions/:version'])
  metadata(@Param('name') name: string, @Param('version') version: string | undefined): ModelMetadata {
    return modelMetadata(this.models.get(name, version), this.models.statusOf(name));
  }

  /** Responds with 503 for a known model that is not served. Clients read either `error` or `ready`. */
  @Get([':name/ready', ':name/versions/:version/ready'])
  ready(
    @Param('name') name: string,
    @Param('version') version: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Readiness {
    try {
      this.models.get(name, version);
      return { name, ready: true };
    } catch (error) {
      if (!(error instanceof NestorError) || error.code === 'UNKNOWN_VERSION') throw error;
      // Throws for a model that never existed; an unloaded one has a status.
      this.models.statusOf(name);
      reply.code(503);
      return { name, ready: false, error: error.message };
    }
  }

  @Get([':name/config', ':name/versions/:version/config'])
  config(@Param('name') name: string, @Param('version') version: string | undefined): ModelConfig {
    return modelConfig(this.models.get(name, version));
  }

  @Get([':name/stats', ':name/versions/:version/stats'])
  statistics(@Param('name') name: string, @Param('version') version: string | undefined): Statistics {
    return this.statisticsOf(
      version === undefined ? this.models.statusOf(name).served : [this.models.get(name, version)],
    );
  }

  private statisticsOf(models: readonly ModelVersion[]): Statistics {
    return {
      model_stats: models.map(({ name, version }) => modelStatistics(name, version, this.metrics.of(name, version))),
    };
  }
}
