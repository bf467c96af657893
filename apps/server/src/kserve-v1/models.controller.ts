import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Engine } from '#engine';
import { Operation } from '../http/operation.ts';
import { renderError } from './error-form.ts';

/** The models and their readiness. As in KServe, a known model that is not ready gets 503. */
@Operation({ renderError })
@Controller('v1/models')
export class KserveModelsController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  @Get()
  list(): { models: string[] } {
    return { models: this.models.status().map(({ name }) => name) };
  }

  /** The pattern excludes colons, which separate a model's name from an action such as `:predict`. */
  @Get(':name(^[^:]+$)')
  ready(@Param('name') name: string): { name: string; ready: true } {
    return { name: this.models.get(name).name, ready: true };
  }
}
