import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CATALOGUE, type ErrorCode, NestorError, PROBLEM_TYPE, problemOf } from '#errors';

/**
 * Answers a PredictionError as application/problem+json under the catalogue's status: a bad row is 422 with row and field.
 * Use it at a controller, `@UseFilters(PredictionErrorFilter)`, or for the whole application.
 */
@Catch(NestorError)
export class PredictionErrorFilter implements ExceptionFilter<NestorError> {
  private readonly logger = new Logger('Prediction');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(thrown: NestorError, host: ArgumentsHost): void {
    // Other transports have their own error formats.
    if (host.getType() !== 'http') throw thrown;
    const error = OF_THE_APPLICATION.has(thrown.code) ? internal(thrown) : thrown;
    const { status, action, embedded = action } = error.entry;
    if (status >= 500) this.logger.error(`${error.code}: ${error.message}`, (error.cause as Error | undefined)?.stack);
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    if (error.retryAfterSeconds !== undefined)
      httpAdapter.setHeader(response, 'retry-after', `${error.retryAfterSeconds}`);
    httpAdapter.setHeader(response, 'content-type', PROBLEM_TYPE);
    httpAdapter.reply(response, JSON.stringify(problemOf(error, embedded)), status);
  }
}

/** Mistakes in the application's own settings, such as its key for a server, which its clients cannot fix. */
const OF_THE_APPLICATION: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'UNKNOWN_MODEL', 'UNKNOWN_PATH']);

function internal(cause: NestorError): NestorError {
  return new NestorError('INTERNAL', CATALOGUE.INTERNAL.title, { cause });
}
