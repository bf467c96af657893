import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { NestorError } from '#errors';
import { type ErrorForm, sendError } from './send-error.ts';

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Knows which methods a path takes, to tell a wrong method (405) from a path that nobody serves (404). */
@Injectable()
export class UnservedPaths {
  private readonly routes = findMyWay({ ignoreTrailingSlash: true });
  private readonly fastify: FastifyInstance;

  /** Listens from its construction on, so that it sees every route. */
  constructor(adapterHost: HttpAdapterHost) {
    this.fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    this.fastify.addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) {
        if (route.url !== '*' && !this.routes.hasRoute(method as HTTPMethod, route.url)) {
          this.routes.on(method as HTTPMethod, route.url, () => undefined);
        }
      }
    });
  }

  /** Has the paths under a prefix that nobody serves answered in the form of the protocol that the prefix belongs to. */
  speakUnder(prefix: string, form: ErrorForm): void {
    void this.fastify.register(
      async (scope) => {
        scope.setNotFoundHandler((request, reply) => sendError(request, reply, this.errorFor(request, reply), form));
      },
      { prefix },
    );
  }

  /** Why no route answers a request, with the `Allow` header where another method would do. */
  errorFor(request: FastifyRequest, reply: FastifyReply): NestorError {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = METHODS.filter((method) => this.routes.find(method, path) !== null);
    if (allowed.length === 0) return new NestorError('UNKNOWN_PATH', `There is nothing at ${path}.`);
    reply.header('allow', allowed.join(', '));
    return new NestorError('METHOD_NOT_ALLOWED', `${path} takes ${allowed.join(' or ')}, not ${request.method}.`);
  }
}
