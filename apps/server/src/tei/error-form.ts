import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** The kinds of errors that text-embeddings-inference knows, by status. */
const KINDS: Readonly<Record<number, string>> = {
  429: 'Overloaded',
  503: 'Overloaded',
  413: 'Validation',
  424: 'Backend',
};

/** An error as text-embeddings-inference writes it. */
export const renderError = ({ message, entry: { status } }: NestorError): ErrorResponse => ({
  contentType: 'application/json',
  body: { error: message, error_type: KINDS[status] ?? (status < 500 ? 'Validation' : 'Backend') },
});
