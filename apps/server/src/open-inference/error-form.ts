import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** An error as this protocol writes it. KServe's client reads no JSON with a charset. */
export const renderError = ({ message }: NestorError): ErrorResponse => ({
  contentType: 'application/json',
  body: { error: message },
});
