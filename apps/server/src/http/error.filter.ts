import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fromFramework } from './framework-error.ts';
import { operationOf } from './operation.ts';
import { sendError } from './send-error.ts';
import { UnservedPaths } from './unserved-paths.ts';

/** Renders the errors of a request, whether a hook, a route, a controller or the framework throws them. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly unservedPaths: UnservedPaths) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = request.is404 ? this.unservedPaths.errorFor(request, reply) : fromFramework(thrown);
    void sendError(request, reply, error, operationOf(request.routeOptions));
  }
}
