import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** What OpenAI's clients tell errors by, beside the status. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** An error as OpenAI's API writes it; `code` is the one of Nestor's catalogue. */
export const renderError = ({ message, code, entry: { status } }: NestorError): ErrorResponse => ({
  contentType: 'application/json',
  body: {
    error: {
      message,
      type: TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: null,
      code,
    },
  },
});
