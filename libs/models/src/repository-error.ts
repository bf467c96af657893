/**
 * Something on disk cannot be served, or not as requested. The message names the file and says what to do. It is for
 * the operator of the server (start, log, model status), never the response to a request.
 */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
}
