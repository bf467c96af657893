import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** The error types that OpenAI's clients distinguish, by status. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** Renders an error in the form of OpenAI's API, with the code of Nestor's catalogue. */
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
