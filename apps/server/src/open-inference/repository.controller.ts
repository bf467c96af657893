import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { withoutMark } from '#csv';
import { describe, NestorError } from '#errors';
import { Engine } from '#engine';
import { isObject } from '#features';
import { weighJson } from '../http/json-weight.ts';
import { Operation } from '../http/operation.ts';
import { renderError } from './error-form.ts';
import { type IndexEntry, repositoryIndex } from './repository-index.ts';

/**
 * The model repository extension. The key check guards its changes: 403 unless `ADMIN` is on, 401 without a key of
 * `ADMIN_KEYS_FILE`.
 */
@Operation({ renderError })
@Controller('v2/repository')
export class RepositoryController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  /** Reads an empty body, which tritonclient sends, as `{}`. */
  @Post('index')
  @HttpCode(200)
  index(@Req() request: FastifyRequest): IndexEntry[] {
    const { ready = false } = readObject(request);
    if (typeof ready === 'boolean') return repositoryIndex(this.models.status(), ready);
    throw new NestorError('INVALID_REQUEST', `"ready" is ${describe(ready)}; true or false is expected.`);
  }

  /** Loads a model from disk. Rejects a configuration or files in the request: Nestor serves only what is on disk. */
  @Operation({ access: 'admin' })
  @Post('models/:name/load')
  @HttpCode(200)
  async load(@Param('name') name: string, @Req() request: FastifyRequest): Promise<Record<string, never>> {
    const { parameters } = readObject(request);
    if (parameters && Object.keys(parameters).length > 0) {
      throw new NestorError(
        'UNSUPPORTED_PARAMETER',
        'Load parameters are not supported: Nestor loads a model as it is on disk.',
      );
    }
    await this.models.load(name);
    return {};
  }

  /** Ignores `unload_dependents`: no model depends on another. */
  @Operation({ access: 'admin' })
  @Post('models/:name/unload')
  @HttpCode(200)
  async unload(@Param('name') name: string): Promise<Record<string, never>> {
    await this.models.unload(name);
    return {};
  }
}

interface RepositoryRequest {
  readonly ready?: unknown;
  readonly parameters?: object | null;
}

function readObject(request: FastifyRequest): RepositoryRequest {
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) return {};
  weighJson(request, body);
  let json: unknown;
  try {
    json = JSON.parse(withoutMark(body.toString()));
  } catch (cause) {
    throw new NestorError('MALFORMED_BODY', 'The body is not valid JSON.', { cause });
  }
  if (isObject(json)) return json;
  throw new NestorError('INVALID_REQUEST', `The body is ${describe(json)}; an object is expected.`);
}
