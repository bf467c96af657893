import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
    void sendProblem(
      request,
      reply,
      request.is404 ? this.allowedMethods.notServed(request, reply) : fromFramework(thrown),
    );
  }
}
