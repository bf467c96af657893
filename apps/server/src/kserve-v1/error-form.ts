import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** Renders an error in the form of KServe's data plane. KServe's client rejects JSON with a charset. */
export const renderError = ({ message }: NestorError): ErrorResponse => ({
  contentType: 'application/json',
  body: { error: message },
});
