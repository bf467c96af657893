import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NestorError } from '#errors';
import { AllowedMethods } from './allowed-methods.ts';
import { fromFramework } from './framework-error.ts';
import { sendProblem } from './problem.ts';

/** Renders whatever a controller throws, and the paths that nobody serves, as a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly allowedMethods: AllowedMethods) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void sendProblem(request, reply, request.is404 ? this.notServed(request, reply) : fromFramework(thrown));
  }

  private notServed(request: FastifyRequest, reply: FastifyReply): NestorError {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = this.allowedMethods.at(path);
    if (allowed.length === 0) return new NestorError('UNKNOWN_PATH', `There is nothing at ${path}.`);
    reply.header('allow', allowed.join(', '));
    return new NestorError('METHOD_NOT_ALLOWED', `${path} takes ${allowed.join(' or ')}, not ${request.method}.`);
  }
}
