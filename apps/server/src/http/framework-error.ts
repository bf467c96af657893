import { HttpException } from '@nestjs/common';
import { type ErrorCode, NestorError, toNestorError } from '#errors';

const BY_FASTIFY_CODE: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_BAD_URL: 'UNKNOWN_PATH',
  FST_ERR_MAX_PARAM_LENGTH: 'UNKNOWN_PATH',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'MALFORMED_BODY',
  404: 'UNKNOWN_PATH',
  405: 'METHOD_NOT_ALLOWED',
  408: 'BODY_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'INVALID_REQUEST',
};

/**
 * Turns an error of Fastify or Nest into an error of the catalogue. A body that the client cuts off is malformed, not a
 * server error. Unknown errors become INTERNAL.
 */
export function fromFramework(thrown: unknown): NestorError {
  if (thrown instanceof NestorError) return thrown;
  const code = codeOf(thrown);
  if (code === undefined) return toNestorError(thrown);
  return new NestorError(code, thrown instanceof Error ? thrown.message : 'The request could not be handled.', {
    cause: thrown,
  });
}

function codeOf(thrown: unknown): ErrorCode | undefined {
  if (thrown instanceof HttpException) return BY_STATUS[thrown.getStatus()];
  if (!(thrown instanceof Error)) return undefined;
  const { code, statusCode } = thrown as { code?: unknown; statusCode?: unknown };
  if (code === 'ECONNRESET' || code === 'ABORT_ERR') return 'MALFORMED_BODY';
  if (typeof code === 'string' && BY_FASTIFY_CODE[code] !== undefined) return BY_FASTIFY_CODE[code];
  return typeof statusCode === 'number' ? BY_STATUS[statusCode] : undefined;
}
