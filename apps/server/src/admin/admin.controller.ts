import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Engine, type ModelSummary, summariseModel } from '#engine';
import { Operation } from '../http/operation.ts';

/**
 * Changes the served models at run time. Each call responds once the change is complete. The key check guards it: 403
 * unless `ADMIN` is on, 401 without a key of `ADMIN_KEYS_FILE`.
 */
@Operation({ access: 'admin' })
@Controller('admin/models')
export class AdminController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  /** Loads or reloads a model from disk. Requests in flight finish on the old version. */
  @Post([':name/load', ':name/reload'])
  @HttpCode(200)
  async load(@Param('name') name: string): Promise<ModelSummary> {
    await this.models.load(name);
    return summariseModel(this.models.statusOf(name));
  }

  /** Unloads a model until it is loaded again. */
  @Post(':name/unload')
  @HttpCode(200)
  async unload(@Param('name') name: string): Promise<ModelSummary> {
    await this.models.unload(name);
    return summariseModel(this.models.statusOf(name));
  }

  /** Loads, reloads and unloads models to match the models folder. */
  @Post('refresh')
  @HttpCode(200)
  async refresh(): Promise<ModelSummary[]> {
    await this.models.refresh();
    return this.models.status().map((status) => summariseModel(status));
  }
}
