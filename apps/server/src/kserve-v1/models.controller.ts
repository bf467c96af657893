import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Engine } from '#engine';
import { Operation } from '../http/operation.ts';
import { renderError } from './error-form.ts';

/** What is served, and whether it is ready: a model that is known and not ready is 503, as KServe has it. */
@Operation({ renderError })
@Controller('v1/models')
export class KserveModelsController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  @Get()
  list(): { models: string[] } {
    return { models: this.models.status().map(({ name }) => name) };
  }

  /** Names have no colon: behind one stands what is to be done with the model, by other methods. */
  @Get(':name(^[^:]+$)')
  ready(@Param('name') name: string): { name: string; ready: true } {
    return { name: this.models.get(name).name, ready: true };
  }
}
