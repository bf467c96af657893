import type { ErrorForm } from '../http/send-error.ts';

/** An error as this protocol writes it. KServe's client reads no JSON with a charset. */
export const renderError: ErrorForm['renderError'] = ({ message }) => ({
  contentType: 'application/json',
  body: { error: message },
});
