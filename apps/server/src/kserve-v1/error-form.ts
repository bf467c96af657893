import type { HttpOperation } from '../http/operation.ts';

/** An error as KServe's data plane writes it. KServe's client reads no JSON with a charset. */
export const renderError: HttpOperation['renderError'] = ({ message }) => ({
  contentType: 'application/json',
  body: { error: message },
});
