import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { NestorError } from '#errors';

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Knows which methods a path takes, to tell a wrong method (405) from a path that nobody serves (404). */
@Injectable()
export class AllowedMethods {
  private readonly routes = findMyWay({ ignoreTrailingSlash: true });

  /** Listens from its construction on, so that it sees every route. */
  constructor(adapterHost: HttpAdapterHost) {
    adapterHost.httpAdapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) {
        if (route.url !== '*' && !this.routes.hasRoute(method as HTTPMethod, route.url)) {
          this.routes.on(method as HTTPMethod, route.url, () => undefined);
        }
      }
    });
  }

  /** The methods that the path takes; none where nobody serves it. */
  at(path: string): readonly string[] {
    return METHODS.filter((method) => this.routes.find(method, path) !== null);
  }

  /** Why no route answers a request, with the `Allow` header where another method would do. */
  notServed(request: FastifyRequest, reply: FastifyReply): NestorError {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = this.at(path);
    if (allowed.length === 0) return new NestorError('UNKNOWN_PATH', `There is nothing at ${path}.`);
    reply.header('allow', allowed.join(', '));
    return new NestorError('METHOD_NOT_ALLOWED', `${path} takes ${allowed.join(' or ')}, not ${request.method}.`);
  }
}
