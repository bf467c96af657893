import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Engine, type ModelDescription, type ModelSummary, summariseModel } from '#engine';

/** Lists and describes the models, for people and programs. */
@Controller('models')
export class ModelsController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  @Get()
  list(): { default: string | null; models: ModelSummary[] } {
    return {
      default: this.models.defaultModel ?? null,
      models: this.models.status().map((status) => summariseModel(status)),
    };
  }

  @Get(':name')
  describe(@Param('name') name: string): ModelDescription {
    return this.models.describe(name);
  }
}
