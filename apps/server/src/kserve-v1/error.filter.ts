import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendErrorAs } from '../http/error-form.ts';
import { renderError } from './error-form.ts';

/** Renders what the controller of this protocol throws. */
@Catch()
export class KserveErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    void sendErrorAs(renderError, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), thrown);
  }
}
