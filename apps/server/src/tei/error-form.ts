import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** The error types of text-embeddings-inference, by status. */
const KINDS: Readonly<Record<number, string>> = {
  429: 'Overloaded',
  503: 'Overloaded',
  413: 'Validation',
  424: 'Backend',
};

/** Renders an error in the form of text-embeddings-inference. */
export const renderError = ({ message, entry: { status } }: NestorError): ErrorResponse => ({
  contentType: 'application/json',
  body: { error: message, error_type: KINDS[status] ?? (status < 500 ? 'Validation' : 'Backend') },
});
