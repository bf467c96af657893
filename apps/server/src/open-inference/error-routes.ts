import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AllowedMethods } from '../http/allowed-methods.ts';
import { sendError } from './send-error.ts';

/** Everything under this path speaks this protocol, errors included. */
export const ROOT = '/v2';

/**
 * Gives the protocol's form to errors that no controller throws: those of hooks (a missing key, too many requests) and
 * those of paths under `/v2` that nobody serves.
 */
@Injectable()
export class ErrorRoutes implements OnModuleInit {
  private readonly fastify: FastifyInstance;

  /** Listens from its construction on, so that it sees every route. */
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly modules: ModuleRef,
  ) {
    this.fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    this.fastify.addHook('onRoute', (route) => {
      if (route.url === ROOT || route.url.startsWith(`${ROOT}/`)) route.errorHandler ??= sendAnyError;
    });
  }

  onModuleInit(): void {
    const methods = this.modules.get(AllowedMethods, { strict: false });
    void this.fastify.register(
      async (scope) => {
        scope.setNotFoundHandler((request, reply) => sendError(request, reply, methods.notServed(request, reply)));
      },
      { prefix: ROOT },
    );
  }
}

const sendAnyError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  void sendError(request, reply, error);
};
