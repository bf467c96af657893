import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { NestorError } from '#errors';
import { type ErrorForm, sendError } from './send-error.ts';

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Knows the methods of each path, to tell a wrong method (405) from an unknown path (404). */
@Injectable()
export class UnservedPaths {
  private readonly routes = findMyWay({ ignoreTrailingSlash: true });
  private readonly fastify: FastifyInstance;

  /** Hooks into Fastify when it is constructed, so that it sees every route. */
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

  /** Renders errors for unknown paths under a prefix in the form of the prefix's protocol. */
  speakUnder(prefix: string, form: ErrorForm): void {
    void this.fastify.register(
      async (scope) => {
        scope.setNotFoundHandler((request, reply) => sendError(request, reply, this.errorFor(request, reply), form));
      },
      { prefix },
    );
  }

  /** The error for a request without a route. Sets the `Allow` header if the path has other methods. */
  errorFor(request: FastifyRequest, reply: FastifyReply): NestorError {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = METHODS.filter((method) => this.routes.find(method, path) !== null);
    if (allowed.length === 0) return new NestorError('UNKNOWN_PATH', `There is nothing at ${path}.`);
    reply.header('allow', allowed.join(', '));
    return new NestorError('METHOD_NOT_ALLOWED', `${path} accepts ${allowed.join(' or ')}, not ${request.method}.`);
  }
}
