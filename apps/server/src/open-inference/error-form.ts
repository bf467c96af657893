import type { ErrorForm } from '../http/send-error.ts';

/** An error as this protocol writes it. KServe's client reads no JSON with a charset. */
export const renderError: ErrorForm['renderError'] = ({ code, message }) => ({
  contentType: 'application/json',
  body: { error: message },
  // The rest of the body is not read: the connection cannot carry another request.
  closes: code === 'BODY_TOO_LARGE',
});
