import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { AllowedMethods } from '../http/allowed-methods.ts';
import { renderRouteErrors, sendErrorAs } from '../http/error-form.ts';
import { renderError } from './error-form.ts';

const ROOT = '/v1';

/** Errors under `/v1` that no controller throws, those of paths that nobody serves among them. */
@Injectable()
export class KserveErrorRoutes implements OnModuleInit {
  private readonly fastify: FastifyInstance;

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly modules: ModuleRef,
  ) {
    this.fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    renderRouteErrors(this.fastify, (path) => path.startsWith(`${ROOT}/`), renderError);
  }

  onModuleInit(): void {
    const methods = this.modules.get(AllowedMethods, { strict: false });
    void this.fastify.register(
      async (scope) => {
        scope.setNotFoundHandler((request, reply) =>
          sendErrorAs(renderError, request, reply, methods.notServed(request, reply)),
        );
      },
      { prefix: ROOT },
    );
  }
}
